using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace Contoso.Components;

internal sealed class StandardizingScorer : BlockScorer
{
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    public StandardizingScorer(DataViewSchema schema, StandardizingState state, Tensor mean, Tensor scale)
        : base(
            schema,
            [BatchColumn.Vector(state.InputColumn, VectorLayout.Dense)],
            [new(state.OutputColumn, new VectorDataViewType(NumberDataViewType.Single, (int)mean.shape[0]), SlotNames(schema, state))])
    {
        if (Inputs[0].Width != mean.shape[0])
            throw new ArgumentOutOfRangeException(
                nameof(schema), $"Column '{Inputs[0].Name}' has {Inputs[0].Width} slots, but the scaling was learned on {mean.shape[0]}.");
        _mean = mean;
        _scale = scale;
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        Tensor scaled = (batch[Inputs[0].Name] - _mean) * _scale;
        return [ScoredColumn.Vectors(scaled.data<float>().ToArray(), Inputs[0].Width)];
    }

    private static DataViewSchema.Annotations SlotNames(DataViewSchema schema, StandardizingState state)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (schema.GetColumnOrNull(state.InputColumn) is { } input)
            annotations.Add(input.Annotations, kind => kind == AnnotationNames.SlotNames);
        return annotations.ToAnnotations();
    }
}
