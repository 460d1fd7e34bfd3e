using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A preference objective over a batch, kept as a sum: the mean is <see cref="Loss"/> / <paramref name="Weight"/>.</summary>
/// <remarks>Sums of several batches add up exactly, so the caller divides once per optimiser step. The tensors belong to the
/// caller's dispose scope.</remarks>
/// <param name="Losses">The loss of each pair <c>[n/2]</c>, or of each completion <c>[n]</c>; 0 for those that do not count.</param>
/// <param name="Weight">How many pairs or completions count, or how many tokens where the loss is a mean over tokens. When it is 0
/// nothing counted, and the loss is 0 with zero gradient.</param>
/// <param name="Metrics">By name, each with its own weight: a batch may have no desired completion, say, or tokens of both kinds. A name is
/// left out when nothing in the batch has the metric.</param>
public sealed record PreferenceSum(Tensor Losses, double Weight, IReadOnlyDictionary<string, MetricSum> Metrics)
{
    /// <summary>The sum of <see cref="Losses"/>, a scalar: what is differentiated.</summary>
    public Tensor Loss { get; init; } = Losses.sum();

    /// <summary>The sum over the pairs that count, with the metrics of <see cref="OfCompletions"/>.</summary>
    /// <param name="scores">Of pairs.</param>
    /// <param name="losses"><c>[n/2]</c>, differentiable.</param>
    /// <param name="rewards">What the objective raises for chosen and lowers for rejected completions, <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">The completions are not in pairs.</exception>
    public static PreferenceSum OfPairs(CompletionScores scores, Tensor losses, Tensor rewards)
    {
        var (isCounted, _) = scores.Pairs(scores.IsCounted);
        return Of(scores, losses, isCounted.to(losses.dtype), isCounted, rewards);
    }

    /// <summary>The sum over the completions that count.</summary>
    /// <param name="scores">Of completions, in pairs or not.</param>
    /// <param name="losses"><c>[n]</c>, differentiable.</param>
    /// <param name="weights">What each adds to <see cref="Weight"/>, <c>[n]</c>: 1, or its tokens.</param>
    /// <param name="rewards">What the objective raises for desired and lowers for undesired completions, <c>[n]</c>.</param>
    /// <returns>The sum, with the metrics that TRL logs: <c>rewards/chosen</c>, <c>rewards/rejected</c>, <c>logps/chosen</c> and
    /// <c>logps/rejected</c>, means over the desired and the undesired completions that count; <c>rewards/margins</c>, the difference of
    /// the first two where the batch has both, weighted by its completions; and of pairs <c>rewards/accuracies</c>, the share whose chosen completion has strictly the higher reward.</returns>
    public static PreferenceSum OfCompletions(CompletionScores scores, Tensor losses, Tensor weights, Tensor rewards)
        => Of(scores, losses, weights, scores.IsCounted, rewards);

    /// <summary>The same with one more metric.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Of pairs, completions or tokens.</param>
    /// <param name="isCounted">Bool in their shape: those that the metric is the mean of. When there are none, nothing is added.</param>
    public PreferenceSum With(string name, Tensor values, Tensor isCounted)
    {
        using var noGradient = no_grad();
        long count = isCounted.sum().ToInt64();
        return count == 0 ? this : this with
        {
            Metrics = new Dictionary<string, MetricSum>(Metrics) { [name] = new(Counted(values, isCounted).sum(), count) },
        };
    }

    private static PreferenceSum Of(CompletionScores scores, Tensor losses, Tensor weights, Tensor isCounted, Tensor rewards)
    {
        var sum = new PreferenceSum(Counted(losses, isCounted), Counted(weights, isCounted).sum().ToDouble(), new Dictionary<string, MetricSum>());
        Tensor isChosen = scores.IsCounted.logical_and(scores.IsDesired), isRejected = scores.IsCounted.logical_and(scores.IsDesired.logical_not());
        sum = sum
            .With("rewards/chosen", rewards, isChosen)
            .With("rewards/rejected", rewards, isRejected)
            .With("logps/chosen", scores.Sums, isChosen)
            .With("logps/rejected", scores.Sums, isRejected);
        if (sum.Metrics.TryGetValue("rewards/chosen", out var chosen) && sum.Metrics.TryGetValue("rewards/rejected", out var rejected))
            sum = sum with { Metrics = new Dictionary<string, MetricSum>(sum.Metrics) { ["rewards/margins"] = Difference(chosen, rejected) } };
        if (!scores.IsPaired)
            return sum;
        var (ofChosen, ofRejected) = scores.Pairs(rewards);
        return sum.With("rewards/accuracies", ofChosen.gt(ofRejected).to(rewards.dtype), scores.Pairs(scores.IsCounted).Chosen);
    }

    private static MetricSum Difference(MetricSum chosen, MetricSum rejected)
    {
        double weight = chosen.Weight + rejected.Weight;
        return new((chosen.Sum / chosen.Weight - rejected.Sum / rejected.Weight) * weight, weight);
    }

    private static Tensor Counted(Tensor values, Tensor isCounted) => values.FillWhere(isCounted.logical_not(), 0);
}
