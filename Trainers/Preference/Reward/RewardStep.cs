using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>Two forwards of one tower, one loss, one backward.</summary>
internal sealed class RewardStep(Tower tower, RewardPairs pairs, Generator generator, Action finished) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        StepLoss loss = pairs.Loss(tower, batch, generator);
        loss.LossSum.backward();
        return loss with { LossSum = loss.LossSum.detach() };
    }

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);
}
