using MLNetExt.Components;

namespace MLNetExt.LanguageModeling;

/// <summary>Counts pairs of texts of which an encoder does not read which token is of which text, though it could.</summary>
internal sealed class UnreadTokenTypes(EncoderState encoder)
{
    private const string SeparatorRole = "sep";

    private readonly int? _separator =
        encoder.TokenTypesColumn is null && encoder.Network.TokenTypes > 1 && encoder.Tokens?.SpecialTokens.TryGetValue(SeparatorRole, out int id) == true ? id : null;

    private long _pairs;

    public void Look(ReadOnlySpan<int> tokens)
    {
        if (_separator is { } separator && tokens.Count(separator) > 1)
            _pairs++;
    }

    /// <summary>Warns of them.</summary>
    /// <param name="host">Whose log it is.</param>
    /// <param name="part">Of which data the rows are.</param>
    public void Report(ComponentHost host, string part)
    {
        if (_pairs > 0)
            host.Warn($"{_pairs} rows of the {part} data are pairs of texts in column '{encoder.TokensColumn}', and which text a token belongs to is not read: set TokenTypesColumnName to the column of kinds that mlContext.Transforms.Text.TokenizeWordPieces adds.");
    }
}
