using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One forward, one loss, one backward.</summary>
/// <param name="logits">From a batch to the logits <c>[rows, classes]</c>.</param>
/// <param name="objective">The loss.</param>
/// <param name="options">Name the label and the weight.</param>
/// <param name="generator">Draws what is dropped.</param>
/// <param name="finished">Called after each update.</param>
internal sealed class ClassificationStep(
    Func<TensorBatch, Tensor> logits, IClassificationObjective objective, IClassifierOptions options, Generator generator, Action finished) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        Tensor? weights = options.ExampleWeightColumnName is { } name ? batch[name] : null;
        (Tensor loss, double weight) = objective.Sum(logits(batch), batch[options.LabelColumnName], weights);
        loss.backward();
        return new StepLoss(loss.detach(), weight);
    }

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);
}
