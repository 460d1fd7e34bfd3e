using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Brings features to a common scale: (x - shift) * scale for dense rows, x * scale for sparse rows.</summary>
internal sealed class FeatureScaler : nn.Module<Tensor, Tensor>
{
    /// <summary>The name of the shift among the weights.</summary>
    public const string ShiftName = nameof(shift);

    private readonly Tensor shift;
    private readonly Tensor scale;

    /// <param name="shift">Float32 <c>[features]</c>.</param>
    /// <param name="scale">Float32 <c>[features]</c>.</param>
    public FeatureScaler(Tensor shift, Tensor scale)
        : base(nameof(FeatureScaler))
    {
        this.shift = shift;
        this.scale = scale;
        RegisterComponents();
    }

    /// <summary>A scaler that changes nothing.</summary>
    public static FeatureScaler Identity(int features) => new(zeros(features), ones(features));

    /// <summary>Float32 <c>[rows, features]</c> to the same shape.</summary>
    public override Tensor forward(Tensor features) => features.sub(shift).mul_(scale);

    /// <summary>The same for sparse rows, which are never centred: a shift would fill every empty slot.</summary>
    public SparseRows Forward(SparseRows features) =>
        features with { Values = features.Values * scale.index_select(0, features.Indices) };
}
