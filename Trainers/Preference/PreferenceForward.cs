using MLNetExt.Networks;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>From the sequences of a batch to the objective's sum.</summary>
/// <param name="network">The network that is trained.</param>
/// <param name="objective">What is computed.</param>
/// <param name="reference">The reference model's network, when its log-probabilities are not with the rows.</param>
internal sealed class PreferenceForward(DecoderNetwork network, IPreferenceObjective objective, DecoderNetwork? reference)
{
    private readonly CompletionLoss _loss = new(objective);

    /// <param name="sequences">The sequences.</param>
    /// <param name="generator">Draws what the objective draws; null for expectations.</param>
    public PreferenceSum Run(PreferenceBatch sequences, Generator? generator)
    {
        Tensor? sums = !objective.NeedsReference ? null : reference is null ? sequences.Reference : sequences.Scores(reference).Sums;
        return _loss.Sum(network.Hidden(sequences.Inputs), network.HeadWeight, sequences.Completions(sums), generator);
    }
}
