using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Measures a classifier on the validation part: the loss that is trained, then accuracy and log-loss.</summary>
/// <param name="forward">From a batch to the logits <c>[rows, classes]</c>.</param>
/// <param name="objective">The loss.</param>
/// <param name="options">Name the label and the weight.</param>
/// <param name="rows">The validation part.</param>
/// <param name="device">Where the network is.</param>
/// <param name="beforeBatch">Called before each batch.</param>
internal sealed class ClassificationValidator(
    Func<TensorBatch, Tensor> forward, IClassificationObjective objective, IClassifierOptions options, IBatchSource rows, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0, logLoss = 0, correct = 0;
        foreach ((Tensor logits, TensorBatch batch) in Logits(cancellationToken))
        {
            Tensor targets = batch[options.LabelColumnName];
            Tensor? weights = options.ExampleWeightColumnName is { } name ? batch[name] : null;
            ObjectiveSum sum = objective.Sum(logits, targets, weights);
            loss += sum.Loss.item<float>();
            weight += sum.Weight;
            logLoss -= nn.functional.log_softmax(logits, 1).gather(1, targets.unsqueeze(1)).sum().item<float>();
            correct += logits.argmax(1).eq(targets).sum().item<long>();
        }

        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            new ValidationMetric("Accuracy", correct / rows.RowCount, HigherIsBetter: true),
            new ValidationMetric("LogLoss", logLoss / rows.RowCount, HigherIsBetter: false),
        ];
    }

    /// <summary>The temperature that calibrates the network as it is.</summary>
    public double FitTemperature(CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        List<Tensor> logits = [], targets = [];
        foreach ((Tensor batchLogits, TensorBatch batch) in Logits(cancellationToken))
        {
            logits.Add(batchLogits.cpu().clone().MoveToOtherDisposeScope(scope));
            targets.Add(batch[options.LabelColumnName].cpu().clone().MoveToOtherDisposeScope(scope));
        }

        return TemperatureScaling.Fit(cat(logits), cat(targets));
    }

    private IEnumerable<(Tensor Logits, TensorBatch Batch)> Logits(CancellationToken cancellationToken)
    {
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            TensorBatch onDevice = batch.To(device);
            yield return (forward(onDevice), onDevice);
        }
    }
}
