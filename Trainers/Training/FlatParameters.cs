using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Training;

/// <summary>A module's trainable parameters as views of one buffer, and their gradients as views of another, so that
/// the optimiser, clipping and zeroing cost a few operations a step instead of a few for each parameter.</summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, long Offset)> _parameters = [];

    public FlatParameters(Module module, Func<string, Tensor, ParameterGroup> grouping)
    {
        var trainable = module.named_parameters()
            .Where(p => p.parameter.requires_grad)
            .DistinctBy(p => p.parameter.Handle)
            .ToList();
        if (trainable.Count == 0)
        {
            throw new ArgumentException("The network has no trainable parameter.", nameof(module));
        }
        (string firstName, Parameter first) = trainable[0];
        foreach (var (name, p) in trainable)
        {
            if (p.dtype != first.dtype || p.device_type != first.device_type || p.device_index != first.device_index)
            {
                throw new ArgumentException(
                    $"Parameter '{name}' is {p.dtype} on {p.device} but '{firstName}' is {first.dtype} on {first.device}: they must agree.",
                    nameof(module));
            }
        }

        long total = trainable.Sum(p => p.parameter.numel());
        Values = empty(total, dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        Gradients = zeros(total, dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        long offset = 0;
        foreach (var group in trainable.GroupBy(p => grouping(p.name, p.parameter)))
        {
            long start = offset;
            foreach (var (name, parameter) in group)
            {
                _parameters.Add((name, parameter, offset));
                Tensor value = View(Values, parameter, offset);
                value.copy_(parameter);
                parameter.set_(value);
                parameter.grad = View(Gradients, parameter, offset);
                offset += parameter.numel();
            }
            Groups.Add(new FlatGroup(group.Key, start, offset - start));
        }
    }

    /// <summary>All parameters, <c>[total]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, <c>[total]</c>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The groups, one contiguous part each.</summary>
    public List<FlatGroup> Groups { get; } = [];

    public Device Device => Values.device;

    /// <summary>A buffer of the same layout, cut into one view for each parameter.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Split(string prefix, Tensor flat) =>
        _parameters.Select(p => KeyValuePair.Create(prefix + p.Name, View(flat, p.Parameter, p.Offset)));

    /// <summary>Divides the gradients, clips their global 2-norm and returns without waiting for the device.</summary>
    public void ScaleAndClipGradients(double divisor, double maxNorm)
    {
        Gradients.DivideInPlace(divisor);
        if (maxNorm > 0)
        {
            Gradients.mul_(maxNorm.Over(Gradients.norm().Plus(1e-6)).AtMostOneInPlace());
        }
    }

    /// <summary>Fails when the training step replaced a gradient instead of adding to it: the weights would stand still.</summary>
    public void RequireGradientsInPlace()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, parameter, offset) in _parameters)
        {
            if (parameter.grad is not { } gradient || (gradient.any().item<bool>() && !View(Gradients, parameter, offset).any().item<bool>()))
            {
                throw new InvalidOperationException($"The training step replaced the gradient of '{name}': gradients must be added in place.");
            }
        }
    }

    public bool AreFinite()
    {
        using var scope = NewDisposeScope();
        return Values.isfinite().all().item<bool>();
    }

    public void Dispose()
    {
        foreach (var (_, parameter, _) in _parameters)
        {
            parameter.grad = null;
        }
        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor View(Tensor flat, Parameter parameter, long offset) =>
        flat.narrow(0, offset, parameter.numel()).view(parameter.shape);
}
