using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace Contoso.Components;

/// <summary>Adds a vector column brought to mean 0 and deviation 1.</summary>
[LoadableComponent("Contoso.Standardizer")]
public sealed class StandardizingTransformer : BlockScoringTransformer, ILoadableTransformer<StandardizingTransformer>
{
    private readonly StandardizingState _state;
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    internal StandardizingTransformer(StandardizingState state, Tensor mean, Tensor scale)
    {
        _state = state;
        _mean = mean.DetachFromDisposeScope();
        _scale = scale.DetachFromDisposeScope();
    }

    public static StandardizingTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        StandardizingState state = reader.ReadState<StandardizingState>();
        using SafetensorsReader weights = reader.ReadWeights();
        using var scope = NewDisposeScope();
        Tensor mean = weights.Read("mean");
        Tensor scale = weights.Read("scale");
        if (mean.dtype != ScalarType.Float32 || scale.dtype != ScalarType.Float32 || mean.dim() != 1 || !mean.shape.SequenceEqual(scale.shape))
            throw new InvalidDataException("The model's mean and scale must be two vectors of F32 of one length.");
        return new StandardizingTransformer(state, mean, scale);
    }

    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights([KeyValuePair.Create("mean", _mean), KeyValuePair.Create("scale", _scale)]);
    }

    protected override BlockScorer Bind(DataViewSchema inputSchema) => new StandardizingScorer(inputSchema, _state, _mean, _scale);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _mean.Dispose();
            _scale.Dispose();
        }

        base.Dispose(disposing);
    }
}
