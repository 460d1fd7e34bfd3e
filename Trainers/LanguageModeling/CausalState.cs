using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>What a saved language model holds beside its weights.</summary>
/// <param name="Network">The network's shape.</param>
/// <param name="TokensColumn">The column that is scored.</param>
/// <param name="Tokens">Vocabulary and tokenizer; null for a model that came without one.</param>
/// <param name="EndId">The token that ends a text; null for none.</param>
/// <param name="ScoringBlockSize">Rows per forward pass.</param>
internal sealed record CausalState(DecoderOptions Network, string TokensColumn, TokenColumnInfo? Tokens, int? EndId, int ScoringBlockSize)
{
    /// <summary>Makes sure that what a model says of itself was not damaged or made up, before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">A value is out of range, or the weights are fewer than the network needs.</exception>
    public void RequireSound(SafetensorsReader weights)
    {
        Require(!string.IsNullOrEmpty(TokensColumn), nameof(TokensColumn));
        Require(ScoringBlockSize is >= 1 and <= CausalLanguageModelOptions.MaxScoringBlockSize, nameof(ScoringBlockSize));
        Require(Network is not null, nameof(Network));
        Require(EndId is null || (EndId >= 0 && EndId < Network!.VocabularySize), nameof(EndId));
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
