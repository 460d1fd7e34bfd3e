using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>What follows a layer's sums: batch normalisation, the non-linearity, dropout.</summary>
internal sealed class HiddenActivation : nn.Module<Tensor, Tensor>
{
    private readonly Activation _activation;
    private readonly BatchNorm1d? normalization;
    private readonly SeededDropout dropout;

    public HiddenActivation(int size, MlpOptions options, Generator generator)
        : base(nameof(HiddenActivation))
    {
        _activation = options.Activation;
        normalization = options.BatchNormalization ? nn.BatchNorm1d(size) : null;
        dropout = new SeededDropout(options.Dropout, generator);
        RegisterComponents();
    }

    public override Tensor forward(Tensor sums) => dropout.forward(_activation.Apply(Normalize(sums)));

    private Tensor Normalize(Tensor sums) => normalization switch
    {
        null => sums,
        // One row has no variance: it is normalised by the running statistics, as in scoring.
        _ when training && sums.shape[0] == 1 => nn.functional.batch_norm(
            sums, normalization.running_mean, normalization.running_var, normalization.weight, normalization.bias),
        _ => normalization.forward(sums),
    };
}
