using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Measures two towers on the validation part: the loss over batches of the training size, then how often a match of a row's is found first among all.</summary>
internal sealed class ContrastiveValidator(
    ContrastiveNetwork network, ContrastivePairs pairs, IContrastiveObjective objective, IBatchSource rows, Generator generator, Device device, Action beforeBatch) : IValidator
{
    /// <summary>Rows that go through the towers at once; 0 for all of the batch.</summary>
    public int MicroBatchSize { get; init; }

    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0;
        List<Tensor> lefts = [], rights = [];
        var groups = new RowGroups(pairs.Match);
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            ThrowIfCanceled();
            using var scope = NewDisposeScope();
            TensorBatch onDevice = batch.To(device);
            (Tensor Left, Tensor Right)[] parts = [.. ContrastivePairs.Parts(onDevice, MicroBatchSize).Select(part => pairs.EmbedPart(network, onDevice, part, generator))];
            Tensor x = UnitLength.Of(cat([.. parts.Select(p => p.Left)])), y = UnitLength.Of(cat([.. parts.Select(p => p.Right)]));
            ObjectiveSum sum = objective.Sum(x, y, network.LogTemperature, network.Bias, pairs.Labels(onDevice, device));
            loss += sum.Loss.ToDouble();
            weight += sum.Weight;
            groups.Add(batch);
            lefts.Add(x.cpu().MoveToOuterDisposeScope());
            rights.Add(y.cpu().MoveToOuterDisposeScope());
        }

        using Tensor left = cat(lefts), right = cat(rights);
        RetrievalMetrics retrieval = Retrieval.Evaluate(
            left.data<float>().ToArray(), right.data<float>().ToArray(), (int)left.shape[1], groups.Numbers, at: [1], "the validation data", blockRows: null, ThrowIfCanceled);
        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            new ValidationMetric("RecallAt1", retrieval.RecallAt[1], HigherIsBetter: true),
        ];

        void ThrowIfCanceled()
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
