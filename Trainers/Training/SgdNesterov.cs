using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>SGD with Nesterov momentum as PyTorch defines it: b = momentum b + g; w -= rate (g + momentum b), where g
/// includes the weight decay.</summary>
internal sealed class SgdNesterov : IOptimizer
{
    private readonly FlatParameters _parameters;
    private readonly TrainingOptions _options;
    private readonly Tensor _momentum;

    public SgdNesterov(FlatParameters parameters, TrainingOptions options)
    {
        _parameters = parameters;
        _options = options;
        _momentum = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    public IEnumerable<KeyValuePair<string, Tensor>> State => _parameters.Split("momentum.", _momentum);

    public void Step(double learningRate)
    {
        foreach (var group in _parameters.Groups)
        {
            Tensor Part(Tensor flat) => flat.narrow(0, group.Start, group.Length);
            var (value, gradient, momentum) = (Part(_parameters.Values), Part(_parameters.Gradients), Part(_momentum));
            double decay = _options.WeightDecay * group.Treatment.WeightDecayFactor;
            if (decay != 0)
            {
                gradient.add_(value, alpha: decay);
            }
            momentum.mul_(_options.Momentum).add_(gradient);
            value.add_(gradient.add_(momentum, alpha: _options.Momentum), alpha: -learningRate * group.Treatment.LearningRateFactor);
        }
    }

    public void Dispose() => _momentum.Dispose();
}
