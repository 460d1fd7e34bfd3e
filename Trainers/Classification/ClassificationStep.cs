using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One forward, one loss of all labels, one backward.</summary>
/// <param name="logits">From a batch to the logits of each task, <c>[rows, classes]</c>.</param>
/// <param name="tasks">The labels and their losses.</param>
/// <param name="weightColumn">What each row counts; null when all count 1.</param>
/// <param name="generator">Draws what is dropped.</param>
/// <param name="finished">Called after each update.</param>
internal sealed class ClassificationStep(
    Func<TensorBatch, IReadOnlyList<Tensor>> logits, IReadOnlyList<ClassificationTask> tasks, string? weightColumn, Generator generator, Action finished) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        ObjectiveSum[] sums =
        [
            .. tasks.Zip(logits(batch), (task, output) =>
            {
                (Tensor f, Tensor targets, Tensor? weights) = task.Read(output, batch, weightColumn);
                return task.Objective.Sum(f, targets, weights);
            }),
        ];
        Tensor loss = sums.Select(sum => sum.Loss).Aggregate((a, b) => a + b);
        loss.backward();
        return new StepLoss(loss.detach(), sums.Sum(sum => sum.Weight));
    }

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);
}
