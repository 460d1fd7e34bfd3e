using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>One forward pass over the completions of a batch, chosen and rejected, and the objective on what the model says of them.</summary>
internal sealed class PreferenceStep(PreferenceForward forward, PreferenceColumns columns, Generator generator, Action finished) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        PreferenceSum sum = forward.Run(PreferenceBatch.Of(columns, batch), generator);
        if (sum.Weight > 0)
            sum.Loss.backward();
        return new StepLoss(sum.Loss.detach(), sum.Weight, sum.Metrics.ToDictionary(m => m.Key, m => new StepMetric(m.Value.Sum, m.Value.Weight)));
    }

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);
}
