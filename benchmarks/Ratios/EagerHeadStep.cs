using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>A language model's training step as one writes it in torch: the logits of all tokens, and dropped ones ignored.</summary>
internal sealed class EagerHeadStep(DecoderNetwork network, CausalColumns columns) : ITrainingStep
{
    public StepLoss Accumulate(TensorBatch batch)
    {
        (Tensor inputs, Tensor targets, Tensor? weights) = columns.Shift(batch);
        Tensor kept = targets.masked_fill(weights!.eq(0), CausalColumns.NoTarget).flatten();
        Tensor logits = network.Logits(network.Hidden(inputs)).flatten(0, 1);
        Tensor loss = nn.functional.cross_entropy(logits, kept, ignore_index: CausalColumns.NoTarget, reduction: nn.Reduction.Sum);
        loss.backward();
        return new StepLoss(loss.detach(), kept.ne(CausalColumns.NoTarget).sum().item<long>());
    }

    public void Finish()
    {
    }

    public void SaveState(StepState state)
    {
    }

    public void LoadState(StepState state)
    {
    }
}
