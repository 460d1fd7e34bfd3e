using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.LanguageModeling;

/// <summary>Looks at every row of tokens once: checks ids and kinds, counts tokens, and leaves out rows in which nothing can be predicted.</summary>
/// <param name="columns">The columns.</param>
/// <param name="vocabularySize">Ids must lie below it.</param>
/// <param name="contextLength">A row may not be longer.</param>
/// <param name="tokenTypes">Kinds must lie below it.</param>
/// <param name="specialIds">The tokens that are never predicted.</param>
/// <param name="host">Ends the pass when it is canceled.</param>
internal sealed class MaskedRows(EncoderColumns columns, int vocabularySize, int contextLength, int tokenTypes, IReadOnlyCollection<int> specialIds, ComponentHost host) : IRowVisitor
{
    private const int TokensAt = 0, TypesAt = 1;

    private readonly HashSet<int> _special = [.. specialIds];

    /// <summary>Rows of special tokens alone, and empty ones.</summary>
    public long LeftOut { get; private set; }

    /// <summary>How often each token occurs in the rows that were kept.</summary>
    public long[] Counts { get; } = new long[vocabularySize];

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">An id is not in the vocabulary, a row is too long, or its kinds do not fit its tokens.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        ReadOnlySpan<int> tokens = row.Tokens(TokensAt);
        EncoderCheck.Tokens(tokens, columns.Tokens, vocabularySize, contextLength, row.Row);
        ReadOnlySpan<int> types = columns.TokenTypes is null ? default : row.Tokens(TypesAt);
        if (columns.TokenTypes is { } typesColumn)
            EncoderCheck.Types(types, tokens.Length, typesColumn, columns.Tokens, tokenTypes, row.Row);
        bool teaches = false;
        foreach (int id in tokens)
            teaches |= !_special.Contains(id);
        if (!teaches)
        {
            LeftOut++;
            return false;
        }

        foreach (int id in tokens)
            Counts[id]++;
        Digest.Add(row.Row);
        Digest.Add(tokens);
        Digest.Add(types);
        return true;
    }
}
