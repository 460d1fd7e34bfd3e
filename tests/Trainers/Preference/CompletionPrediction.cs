using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Preference;

/// <summary>What a model that was trained on single completions says of one.</summary>
public sealed class CompletionPrediction : IPrediction
{
    public float LogProbability { get; set; }

    public double[] Numbers() => [LogProbability];
}
