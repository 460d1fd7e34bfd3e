using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>AdamW (arXiv 1711.05101, algorithm 2) with PyTorch's definitions: the decay is multiplied by the learning
/// rate, and epsilon is added after the bias correction.</summary>
internal sealed class AdamW : IOptimizer
{
    private readonly FlatParameters _parameters;
    private readonly TrainingOptions _options;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private readonly Tensor _steps;

    public AdamW(FlatParameters parameters, TrainingOptions options)
    {
        _parameters = parameters;
        _options = options;
        _mean = zeros_like(parameters.Values).DetachFromDisposeScope();
        _square = zeros_like(parameters.Values).DetachFromDisposeScope();
        _steps = zeros(1, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        _parameters.Split("exp_avg.", _mean)
            .Concat(_parameters.Split("exp_avg_sq.", _square))
            .Append(KeyValuePair.Create("steps", _steps));

    public void Step(double learningRate)
    {
        long step = _steps.add_(1).item<long>();
        double meanCorrection = 1 - Math.Pow(_options.Beta1, step);
        double squareCorrection = 1 - Math.Pow(_options.Beta2, step);
        foreach (var group in _parameters.Groups)
        {
            double rate = learningRate * group.Treatment.LearningRateFactor;
            var update = new AdamWUpdate(
                Keep: 1 - rate * _options.WeightDecay * group.Treatment.WeightDecayFactor,
                Size: rate / meanCorrection,
                Scale: Math.Sqrt(squareCorrection),
                _options.Beta1,
                _options.Beta2,
                _options.Epsilon);
            Tensor Part(Tensor flat) => flat.narrow(0, group.Start, group.Length);
            update.Apply(Part(_parameters.Values), Part(_parameters.Gradients), Part(_mean), Part(_square));
        }
    }

    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
        _steps.Dispose();
    }
}
