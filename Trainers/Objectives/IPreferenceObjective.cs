namespace MLNetExt.Objectives;

/// <summary>A loss of what a language model says of completions that are desired or not.</summary>
/// <remarks>Implementations are immutable: one can serve several batches at once. <see cref="CompletionLoss"/> brings the loss's
/// gradient to the hidden states and the head of the model.</remarks>
public interface IPreferenceObjective
{
    /// <summary>Whether the loss needs a reference model's log-probabilities, <see cref="CompletionScores.Reference"/>.</summary>
    bool NeedsReference { get; }

    /// <summary>Whether the loss compares the two completions of pairs; completions with a label are enough otherwise.</summary>
    bool NeedsPairs { get; }

    /// <summary>The contrast to compute for the tokens of undesired completions; null when the loss uses none.</summary>
    CringeContrast? Contrast { get; }

    /// <summary>The loss of a batch, summed.</summary>
    /// <param name="scores">What the model says of the completions. The loss is differentiated by
    /// <see cref="CompletionScores.LogProbabilities"/> and <see cref="CompletionScores.Contrasts"/>.</param>
    /// <returns>The sum, its weight and the metrics.</returns>
    /// <exception cref="ArgumentException">The scores lack what the loss needs: pairs, a reference or contrasts.</exception>
    PreferenceSum Sum(CompletionScores scores);
}
