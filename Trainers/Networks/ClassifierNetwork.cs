using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>From a batch's features to logits: the scaler, then an <see cref="Mlp"/> or a network of the user's own.</summary>
internal sealed class ClassifierNetwork : nn.Module<Tensor, Tensor>
{
    private readonly FeatureScaler scaler;
    private readonly nn.Module<Tensor, Tensor> body;

    public ClassifierNetwork(FeatureScaler scaler, nn.Module<Tensor, Tensor> body)
        : base(nameof(ClassifierNetwork))
    {
        this.scaler = scaler;
        this.body = body;
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, features]</c> to logits <c>[rows, classes]</c>.</summary>
    public override Tensor forward(Tensor features) => body.forward(scaler.forward(features));

    /// <summary>The logits <c>[rows, classes]</c> of a batch; a network of the user's own gets sparse rows filled up.</summary>
    public Tensor Forward(TensorBatch batch, string featureColumn)
    {
        if (!batch.IsSparse(featureColumn))
            return forward(batch[featureColumn]);
        SparseRows rows = scaler.Forward(batch.Sparse(featureColumn));
        return body is Mlp mlp ? mlp.Forward(rows) : body.forward(rows.ToDense());
    }
}
