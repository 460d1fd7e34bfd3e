using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace Contoso.Components;

/// <summary>Learns the mean and the deviation of each slot of a vector column.</summary>
public sealed class StandardizingEstimator : IEstimator<StandardizingTransformer>
{
    private readonly ComponentHost _host;
    private readonly string _outputColumn;
    private readonly string _inputColumn;

    internal StandardizingEstimator(IHostEnvironment environment, string outputColumn, string inputColumn)
    {
        _host = new ComponentHost(environment, nameof(StandardizingEstimator));
        _outputColumn = outputColumn;
        _inputColumn = inputColumn;
    }

    public StandardizingTransformer Fit(IDataView input)
    {
        LibTorch.EnsureLoaded();
        BatchColumn column = BatchColumn.Vector(_inputColumn, VectorLayout.Dense);
        using BatchSource rows = BatchSource.Open(input, [column], new BatchSourceOptions { Shuffle = false });
        if (rows.RowCount == 0)
            throw new ArgumentException("There are no rows to learn from.", nameof(input));

        using var scope = NewDisposeScope();
        Tensor mean = Mean(rows, x => x);
        Tensor deviation = Mean(rows, x => (x - mean).square()).sqrt();
        Tensor scale = where(deviation > 0, 1 / deviation, ones_like(deviation));
        _host.Info($"Standardised {mean.shape[0]} slots from {rows.RowCount} rows.");
        return new StandardizingTransformer(
            new StandardizingState(_outputColumn, _inputColumn), mean.to(ScalarType.Float32), scale.to(ScalarType.Float32));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape.Column input = inputSchema.Require(
            _inputColumn, "input", "a vector of Single of known length", "Concatenate or Conversion.ConvertType",
            c => !c.IsKey && c.Kind != VectorKind.VariableVector && c.ItemType == NumberDataViewType.Single);
        return inputSchema.With(SchemaShapes.Column(
            _outputColumn, VectorKind.Vector, NumberDataViewType.Single, isKey: false,
            input.Annotations.Where(a => a.Name == AnnotationNames.SlotNames)));
    }

    private Tensor Mean(BatchSource rows, Func<Tensor, Tensor> value)
    {
        Tensor sum = zeros(rows.Columns[0].Width, dtype: ScalarType.Float64);
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            using var scope = NewDisposeScope();
            sum.add_(value(batch[_inputColumn].to(ScalarType.Float64)).sum(dim: 0));
        }

        return sum / rows.RowCount;
    }
}
