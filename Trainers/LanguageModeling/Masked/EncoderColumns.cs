using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>The columns that an encoder reads.</summary>
/// <param name="Tokens">The token column.</param>
/// <param name="TokenTypes">The column of their kinds; null when all are 0.</param>
/// <param name="PadId">The id of padding that stands in the rows themselves; null for none.</param>
internal sealed record EncoderColumns(string Tokens, string? TokenTypes, int? PadId)
{
    private const string PadRole = "pad";

    /// <summary>The id of padding of a tokenizer; null when it has none.</summary>
    public static int? PadIdOf(TokenColumnInfo? tokens) => tokens is not null && tokens.SpecialTokens.TryGetValue(PadRole, out int pad) ? pad : null;

    /// <summary>The columns to read, the tokens first.</summary>
    public IReadOnlyList<BatchColumn> ToRead => TokenTypes is null ? [BatchColumn.Tokens(Tokens)] : [BatchColumn.Tokens(Tokens), BatchColumn.Tokens(TokenTypes)];

    /// <summary>A batch of them, in the caller's dispose scope.</summary>
    public EncoderRows Read(TensorBatch batch)
    {
        TokenRows rows = batch.Tokens(Tokens);
        Tensor isToken = rows.Mask();
        if (PadId is { } pad)
            isToken = isToken.logical_and(rows.Ids.ne(pad));
        return new EncoderRows(rows.Ids, isToken, TokenTypes is null ? null : batch.Tokens(TokenTypes).Ids);
    }
}
