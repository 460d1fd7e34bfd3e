using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Measures a classifier on the validation part: the loss that is trained, then accuracy and log-loss of each label.</summary>
/// <remarks>Of a multi-label one they are over all tags of all rows, and F1, micro-averaged, is there too: where tags are rare, a model that gives none is mostly right.</remarks>
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
        double[] logLoss = new double[tasks.Count], correct = new double[tasks.Count], count = new double[tasks.Count], found = new double[tasks.Count], named = new double[tasks.Count];
        foreach (TensorBatch batch in Batches(cancellationToken))
        {
            using var scope = NewDisposeScope();
            IReadOnlyList<Tensor> outputs = logits(batch);
            for (int i = 0; i < tasks.Count; i++)
            {
                (Tensor f, Tensor y, Tensor? weights) = tasks[i].Read(outputs[i], batch, weightColumn);
                ObjectiveSum sum = tasks[i].Objective.Sum(f, y, weights);
                loss += sum.Loss.item<float>();
                weight += sum.Weight;
                (Tensor known, Tensor targets) = Labelled(f, y);
                Tensor predicted = known.argmax(1);
                logLoss[i] -= nn.functional.log_softmax(known, 1).gather(1, targets.unsqueeze(1)).sum().item<float>();
                correct[i] += predicted.eq(targets).sum().item<long>();
                count[i] += targets.shape[0];
                if (!tasks[i].Label.IsMultiLabel)
                    continue;
                found[i] += (predicted * targets).sum().item<long>();
                named[i] += (predicted + targets).sum().item<long>();
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
                .. tasks[i].Label.IsMultiLabel && named[i] > 0 ? [new(Name("F1", i), 2 * found[i] / named[i], HigherIsBetter: true)] : (ValidationMetric[])[],
            ]),
        ];
    }

    /// <summary>For each label, the temperature that calibrates the network as it is; 1 for a label that no row has.</summary>
    /// <param name="warn">Told of such a label.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public IReadOnlyList<double> FitTemperatures(Action<string> warn, CancellationToken cancellationToken)
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
                (Tensor logit, Tensor target, _) = tasks[i].Read(outputs[i], batch, weightColumn);
                (Tensor f, Tensor y) = Labelled(logit, target);
                known[i].Add(f.cpu().clone().MoveToOtherDisposeScope(scope));
                targets[i].Add(y.cpu().clone().MoveToOtherDisposeScope(scope));
            }
        }

        double Fit(int task)
        {
            if (targets[task].Sum(part => part.shape[0]) > 0)
                return TemperatureScaling.Fit(cat(known[task]), cat(targets[task]));
            warn($"No row of the validation part has a label in column '{tasks[task].Label.Name}': TemperatureScaling leaves its probabilities as they are.");
            return 1;
        }

        return [.. Enumerable.Range(0, tasks.Count).Select(Fit)];
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
