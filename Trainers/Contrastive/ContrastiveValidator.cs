using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Measures two towers on the validation part: the loss over batches of the training size, then how often a row's other side is found first among all.</summary>
internal sealed class ContrastiveValidator(
    ContrastiveNetwork network, ContrastivePairs pairs, IContrastiveObjective objective, IBatchSource rows, Generator generator, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0;
        List<Tensor> lefts = [], rights = [];
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            TensorBatch onDevice = batch.To(device);
            (Tensor leftRaw, Tensor rightRaw) = pairs.Embed(network, onDevice, generator);
            Tensor x = UnitLength.Of(leftRaw), y = UnitLength.Of(rightRaw);
            ObjectiveSum sum = objective.Sum(x, y, network.LogTemperature, network.Bias, pairs.Labels(onDevice, device));
            loss += sum.Loss.ToDouble();
            weight += sum.Weight;
            lefts.Add(x.cpu().MoveToOuterDisposeScope());
            rights.Add(y.cpu().MoveToOuterDisposeScope());
        }

        using Tensor left = cat(lefts), right = cat(rights);
        RetrievalMetrics retrieval = Retrieval.Evaluate(
            left.data<float>().ToArray(), right.data<float>().ToArray(), (int)left.shape[1], at: [1]);
        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            new ValidationMetric("RecallAt1", retrieval.RecallAt[1], HigherIsBetter: true),
        ];
    }
}
