using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace Contoso.Components;

/// <summary>Learns the mean of each class's features. Rows without a label are left out.</summary>
public sealed class NearestCentroidTrainer : ITrainerEstimator<NearestCentroidTransformer, NearestCentroidModel>
{
    private readonly ComponentHost _host;
    private readonly string _labelColumn;
    private readonly string _featureColumn;

    internal NearestCentroidTrainer(IHostEnvironment environment, string labelColumn, string featureColumn)
    {
        _host = new ComponentHost(environment, nameof(NearestCentroidTrainer));
        _labelColumn = labelColumn;
        _featureColumn = featureColumn;
    }

    public TrainerInfo Info { get; } = TrainerInfos.Create(needsNormalization: true, wantsCaching: false, supportsValidation: false);

    public NearestCentroidTransformer Fit(IDataView input)
    {
        LibTorch.EnsureLoaded();
        BatchColumn[] columns = [BatchColumn.Vector(_featureColumn, VectorLayout.Dense), BatchColumn.Key(_labelColumn)];
        using BatchSource rows = BatchSource.Open(input, columns, new BatchSourceOptions { Shuffle = false });
        using var scope = NewDisposeScope();
        Tensor sums = zeros(rows.Columns[1].KeyCount, rows.Columns[0].Width);
        Tensor counts = zeros(rows.Columns[1].KeyCount, 1);
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            using var step = NewDisposeScope();
            Tensor labeled = (batch[_labelColumn] != TensorBatch.MissingKey).nonzero().squeeze(1);
            Tensor labels = batch[_labelColumn][labeled];
            sums.index_add_(0, labels, batch[_featureColumn][labeled], 1);
            counts.index_add_(0, labels, ones(labels.shape[0], 1), 1);
        }

        _host.Info($"Learned {sums.shape[0]} centroids from {rows.RowCount} rows.");
        // A class without rows is infinitely far from everything.
        Tensor centroids = where(counts > 0, sums / counts, full_like(sums, float.PositiveInfinity));
        return new NearestCentroidTransformer(
            new NearestCentroidModel(_featureColumn, KeyValues.Of(input.Schema[_labelColumn]), centroids));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape.Column label = inputSchema.Require(
            _labelColumn, "Label", "a key", "Conversion.MapValueToKey", c => c.IsKey && c.Kind == VectorKind.Scalar);
        inputSchema.Require(
            _featureColumn, "Features", "a vector of Single of known length", "Concatenate or Conversion.ConvertType",
            c => !c.IsKey && c.Kind != VectorKind.VariableVector && c.ItemType == NumberDataViewType.Single);
        return inputSchema.With(ScoreShapes.MulticlassPredictedLabel(label), ScoreShapes.MulticlassScore(label));
    }
}
