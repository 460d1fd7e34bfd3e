using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>The objective and its metrics on the validation part; where training draws, expectations.</summary>
internal sealed class PreferenceValidator(PreferenceForward forward, PreferenceColumns columns, IBatchSource rows, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0;
        var metrics = new Dictionary<string, (double Sum, double Weight)>();
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            PreferenceSum sum = forward.Run(PreferenceBatch.Of(columns, batch.To(device)), generator: null);
            loss += sum.Loss.ToDouble();
            weight += sum.Weight;
            foreach ((string name, MetricSum value) in sum.Metrics)
            {
                (double before, double weightBefore) = metrics.GetValueOrDefault(name);
                metrics[name] = (before + value.Sum.ToDouble(), weightBefore + value.Weight);
            }
        }

        if (weight == 0)
            throw new ArgumentException("The validation part has nothing that the loss counts, such as a desired completion: raise ValidationFraction, or give ValidationData.");
        Dictionary<string, double> means = metrics.ToDictionary(m => m.Key, m => m.Value.Sum / m.Value.Weight);
        // Over all completions, whatever the batches.
        if (means.TryGetValue("rewards/chosen", out double chosen) && means.TryGetValue("rewards/rejected", out double rejected))
            means["rewards/margins"] = chosen - rejected;
        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            .. means.Select(m => new ValidationMetric(m.Key, m.Value, HigherIsBetter: true)),
        ];
    }
}
