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
        var metrics = new Dictionary<string, double>();
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            PreferenceSum sum = forward.Run(PreferenceBatch.Of(columns, batch.To(device)), generator: null);
            loss += sum.Loss.ToDouble();
            weight += sum.Weight;
            foreach ((string name, Tensor value) in sum.Metrics)
                metrics[name] = metrics.GetValueOrDefault(name) + value.ToDouble();
        }

        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            .. metrics.Select(m => new ValidationMetric(m.Key, m.Value / weight, HigherIsBetter: true)),
        ];
    }
}
