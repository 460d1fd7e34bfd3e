using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>What a run in rounds ended with.</summary>
public sealed class IterativePreferenceResult : IDisposable
{
    internal IterativePreferenceResult(CausalLanguageModelTransformer model, IReadOnlyList<PreferenceRound> rounds) => (Model, Rounds) = (model, rounds);

    /// <summary>The model of the last round; disposed with this.</summary>
    public CausalLanguageModelTransformer Model { get; }

    /// <summary>The rounds in their order.</summary>
    public IReadOnlyList<PreferenceRound> Rounds { get; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
