using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>Measures a reward model on the validation pairs: the loss, then the share of pairs in the right order, that of ties, and by how much the chosen rewards are larger.</summary>
internal sealed class RewardValidator(Tower tower, RewardPairs pairs, IBatchSource rows, Generator generator, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0;
        var sums = new Dictionary<string, double>();
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            StepLoss part = pairs.Loss(tower, batch.To(device), generator);
            loss += part.LossSum.ToDouble();
            foreach ((string name, StepMetric metric) in part.Metrics!)
                sums[name] = sums.GetValueOrDefault(name) + metric.Sum.ToDouble();
        }

        return
        [
            new ValidationMetric("Loss", loss / rows.RowCount, HigherIsBetter: false),
            .. sums.Select(sum => new ValidationMetric(sum.Key, sum.Value / rows.RowCount, HigherIsBetter: sum.Key != "Ties")),
        ];
    }
}
