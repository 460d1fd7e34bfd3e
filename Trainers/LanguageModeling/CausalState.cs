using System.Text.Json.Serialization;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>What a saved language model holds beside its weights.</summary>
/// <param name="Network">The network's shape.</param>
/// <param name="TokensColumn">The column that is scored.</param>
/// <param name="Tokens">Vocabulary and tokenizer; null for a model that came without one.</param>
/// <param name="EndIds">The tokens that end a text; none when no token does.</param>
/// <param name="ScoringBlockSize">Rows per forward pass.</param>
/// <param name="Adapters">The shape of adapters that are kept apart from the weights; null when there are none.</param>
internal sealed record CausalState(
    DecoderOptions Network, string TokensColumn, TokenColumnInfo? Tokens, IReadOnlyList<int> EndIds, int ScoringBlockSize, LowRankShape? Adapters)
{
    /// <summary>The one of <see cref="EndIds"/> that is set behind a text; null for none.</summary>
    [JsonIgnore]
    public int? EndId => EndIds.Count > 0 ? EndIds[0] : null;

    /// <summary>Makes sure that what a model says of itself was not damaged or made up, before anything of its size is allocated.</summary>
    /// <exception cref="InvalidDataException">A value is out of range, or the weights are fewer than the network needs.</exception>
    public void RequireSound(SafetensorsReader weights)
    {
        Require(!string.IsNullOrEmpty(TokensColumn), nameof(TokensColumn));
        Require(ScoringBlockSize is >= 1 and <= CausalLanguageModelOptions.MaxScoringBlockSize, nameof(ScoringBlockSize));
        Require(Network is not null, nameof(Network));
        Require(EndIds is not null && EndIds.All(id => id >= 0 && id < Network!.VocabularySize), nameof(EndIds));
        Require(Tokens is null || (Tokens.VocabularySize <= Network!.VocabularySize && Tokens.IsConsistent()), nameof(Tokens));
        try
        {
            Network!.Check();
            Adapters?.Check();
            long stored = weights.Entries.Sum(e => e.Shape.Aggregate(1L, (product, size) => product * size));
            Int128 needed = Network.WeightCount + (Adapters?.WeightCount(Network.Transformer) ?? 0);
            if (needed > stored)
                throw new InvalidDataException($"The model is damaged: it has {stored} weights, but its network needs {needed}.");
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
