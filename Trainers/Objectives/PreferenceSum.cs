using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A preference objective over a batch, kept as a sum: the mean is <see cref="Loss"/> / <paramref name="Weight"/>.</summary>
/// <remarks>Sums of several batches add up exactly, so the caller divides once per optimiser step. The tensors belong to the
/// caller's dispose scope.</remarks>
/// <param name="Losses">The loss of each pair <c>[n/2]</c>, or of each completion <c>[n]</c>; 0 for those that do not count.</param>
/// <param name="Weight">How many pairs or completions count, or how many tokens where the loss is a mean over tokens. When it is 0
/// nothing counted, and the loss is 0 with zero gradient.</param>
/// <param name="Metrics">Scalars by name without gradient, each a mean times <paramref name="Weight"/>, so that they add up as the
/// loss does. A name is left out when nothing in the batch has the metric.</param>
public sealed record PreferenceSum(Tensor Losses, double Weight, IReadOnlyDictionary<string, Tensor> Metrics)
{
    /// <summary>The sum of <see cref="Losses"/>, a scalar: what is differentiated.</summary>
    public Tensor Loss { get; init; } = Losses.sum();

    /// <summary>The sum over the pairs that count, with the metrics of <see cref="OfCompletions"/>.</summary>
    /// <param name="scores">Of pairs.</param>
    /// <param name="losses"><c>[n/2]</c>, differentiable; finite where a pair does not count too.</param>
    /// <param name="rewards">What the objective raises of chosen and lowers of rejected completions, <c>[n]</c>.</param>
    /// <param name="metrics">More metrics of each pair <c>[n/2]</c>, by name.</param>
    /// <exception cref="ArgumentException">The scores are not of pairs.</exception>
    public static PreferenceSum OfPairs(
        CompletionScores scores, Tensor losses, Tensor rewards, params ReadOnlySpan<(string Name, Tensor Values)> metrics)
        => throw new NotImplementedException();

    /// <summary>The sum over the completions that count.</summary>
    /// <param name="scores">Of completions, in pairs or not.</param>
    /// <param name="losses"><c>[n]</c>, differentiable; finite where a completion does not count too.</param>
    /// <param name="weights">What each counts <c>[n]</c>: 1, or its tokens.</param>
    /// <param name="rewards">What the objective raises of desired and lowers of undesired completions, <c>[n]</c>.</param>
    /// <returns>The sum, with the metrics that TRL logs: <c>rewards/chosen</c>, <c>rewards/rejected</c>, <c>logps/chosen</c> and
    /// <c>logps/rejected</c>, means over the desired and the undesired completions that count; <c>rewards/margins</c>, the difference of
    /// the first two; and of pairs <c>rewards/accuracies</c>, the share whose chosen completion has strictly the higher reward.</returns>
    public static PreferenceSum OfCompletions(CompletionScores scores, Tensor losses, Tensor weights, Tensor rewards)
        => throw new NotImplementedException();
}
