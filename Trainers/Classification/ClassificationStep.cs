using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One forward, one loss, one backward.</summary>
internal sealed class ClassificationStep(
    ClassifierNetwork network, IClassificationObjective objective, SquentropyOptions options, Generator generator, Action finished) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        // A user's network may hold torch's own dropout, which draws from the global generator.
        Tensor logits = options.Network is null
            ? network.Forward(batch, options.FeatureColumnName)
            : GlobalGenerator.Lend(generator, () => network.Forward(batch, options.FeatureColumnName));
        Tensor? weights = options.ExampleWeightColumnName is { } name ? batch[name] : null;
        (Tensor loss, double weight) = objective.Sum(logits, batch[options.LabelColumnName], weights);
        loss.backward();
        return new StepLoss(loss.detach(), weight);
    }

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);
}
