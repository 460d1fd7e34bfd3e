using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Measures a classifier on the validation part: the loss that is trained, then accuracy and log-loss of each label.</summary>
/// <param name="logits">From a batch to the logits of each task, <c>[rows, classes]</c>.</param>
/// <param name="tasks">The labels and their losses. The metrics of all but the first have the label's name behind their own.</param>
/// <param name="weightColumn">What each row counts in the loss; null when all count 1.</param>
/// <param name="rows">The validation part.</param>
/// <param name="device">Where the network is.</param>
/// <param name="beforeBatch">Called before each batch.</param>
internal sealed class ClassificationValidator(
    Func<TensorBatch, IReadOnlyList<Tensor>> logits, IReadOnlyList<ClassificationTask> tasks, string? weightColumn, IBatchSource rows, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0;
        double[] logLoss = new double[tasks.Count], correct = new double[tasks.Count], count = new double[tasks.Count];
        foreach (TensorBatch batch in Batches(cancellationToken))
        {
            using var scope = NewDisposeScope();
            Tensor? weights = weightColumn is null ? null : batch[weightColumn];
            IReadOnlyList<Tensor> outputs = logits(batch);
            for (int i = 0; i < tasks.Count; i++)
            {
                ObjectiveSum sum = tasks[i].Objective.Sum(outputs[i], batch[tasks[i].Label.Name], weights);
                loss += sum.Loss.item<float>();
                weight += sum.Weight;
                (Tensor known, Tensor targets) = Labelled(outputs[i], batch[tasks[i].Label.Name]);
                logLoss[i] -= nn.functional.log_softmax(known, 1).gather(1, targets.unsqueeze(1)).sum().item<float>();
                correct[i] += known.argmax(1).eq(targets).sum().item<long>();
                count[i] += targets.shape[0];
            }
        }

        string Name(string metric, int task) => task == 0 ? metric : $"{metric}.{tasks[task].Label.Name}";
        return
        [
            new ValidationMetric("Loss", loss / weight, HigherIsBetter: false),
            .. Enumerable.Range(0, tasks.Count).Where(i => count[i] > 0).SelectMany(i => (ValidationMetric[])
            [
                new(Name("Accuracy", i), correct[i] / count[i], HigherIsBetter: true),
                new(Name("LogLoss", i), logLoss[i] / count[i], HigherIsBetter: false),
            ]),
        ];
    }

    /// <summary>For each label, the temperature that calibrates the network as it is; 1 for a label that no row has.</summary>
    public IReadOnlyList<double> FitTemperatures(CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        List<Tensor>[] known = [.. tasks.Select(_ => new List<Tensor>())], targets = [.. tasks.Select(_ => new List<Tensor>())];
        foreach (TensorBatch batch in Batches(cancellationToken))
        {
            using var inner = NewDisposeScope();
            IReadOnlyList<Tensor> outputs = logits(batch);
            for (int i = 0; i < tasks.Count; i++)
            {
                (Tensor f, Tensor y) = Labelled(outputs[i], batch[tasks[i].Label.Name]);
                known[i].Add(f.cpu().clone().MoveToOtherDisposeScope(scope));
                targets[i].Add(y.cpu().clone().MoveToOtherDisposeScope(scope));
            }
        }

        return [.. known.Zip(targets, (f, y) => y.Sum(part => part.shape[0]) > 0 ? TemperatureScaling.Fit(cat(f), cat(y)) : 1)];
    }

    /// <summary>The logits and the targets of the rows that have the label.</summary>
    private static (Tensor Logits, Tensor Targets) Labelled(Tensor logits, Tensor targets)
    {
        Tensor rows = targets.ne(TensorBatch.MissingKey).nonzero().squeeze(1);
        return (logits.index_select(0, rows), targets.index_select(0, rows));
    }

    private IEnumerable<TensorBatch> Batches(CancellationToken cancellationToken)
    {
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            yield return batch.To(device);
        }
    }
}
