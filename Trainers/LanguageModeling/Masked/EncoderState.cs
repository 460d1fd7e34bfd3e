using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>What a saved encoder holds beside its weights.</summary>
/// <param name="Network">The network's shape.</param>
/// <param name="TokensColumn">The column that is read.</param>
/// <param name="TokenTypesColumn">The column of the tokens' kinds; null when all are 0.</param>
/// <param name="Tokens">Vocabulary and tokenizer; null for a model that came without one.</param>
/// <param name="Pooling">How the tokens' vectors become one.</param>
/// <param name="ScoringBlockSize">Rows that are read together when scoring.</param>
internal sealed record EncoderState(EncoderOptions Network, string TokensColumn, string? TokenTypesColumn, TokenColumnInfo? Tokens, EncoderPooling Pooling, int ScoringBlockSize)
{
    private const string UnknownRole = "unk";

    /// <summary>The columns to read.</summary>
    public EncoderColumns Columns() => new(TokensColumn, TokenTypesColumn, EncoderColumns.PadIdOf(Tokens));

    /// <summary>The tokens that say nothing of a text: all special ones but that of unknown words.</summary>
    public IReadOnlySet<int> EmptyIds() => Tokens is null ? new HashSet<int>() : Tokens.SpecialTokens.Where(special => special.Key != UnknownRole).Select(special => special.Value).ToHashSet();

    /// <summary>Makes sure that what a model says of itself was not damaged or made up, before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">A value is out of range, or the weights are fewer than the network needs.</exception>
    public void RequireSound(SafetensorsReader weights)
    {
        Require(!string.IsNullOrEmpty(TokensColumn), nameof(TokensColumn));
        Require(TokenTypesColumn is not "", nameof(TokenTypesColumn));
        Require(ScoringBlockSize is >= 1 and <= EncoderOptionsCheck.MaxScoringBlockSize, nameof(ScoringBlockSize));
        Require(Enum.IsDefined(Pooling), nameof(Pooling));
        Require(Network is not null, nameof(Network));
        Require(Tokens is null || (Tokens.VocabularySize <= Network!.VocabularySize && Tokens.IsConsistent()), nameof(Tokens));
        try
        {
            Network!.Check();
            long stored = weights.Entries.Sum(e => e.Shape.Aggregate(1L, (product, size) => product * size));
            if (Network.WeightCount > stored)
                throw new InvalidDataException($"The model is damaged: it has {stored} weights, but its network needs {Network.WeightCount}.");
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The model is damaged: there is no network of its sizes ({e.Message}).");
        }
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
