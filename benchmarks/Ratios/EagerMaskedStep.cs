using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>A pre-training step as one writes it in torch: the logits of all positions, and those that are not masked ignored.</summary>
internal sealed class EagerMaskedStep(EncoderNetwork network, EncoderColumns columns, TokenCorruption corruption) : ITrainingStep
{
    private long _batches;

    public StepLoss Accumulate(TensorBatch batch)
    {
        EncoderRows rows = columns.Read(batch);
        CorruptedTokens tokens = corruption.Apply(rows, _batches++);
        long[] targets = new long[tokens.Inputs.Length];
        Array.Fill(targets, MaskPolicy.Ignored);
        for (int i = 0; i < tokens.Places.Length; i++)
            targets[tokens.Places[i]] = tokens.Targets[i];
        Tensor last = network.Hidden(tokens.InputTensor(corruption.Padding, CPU), rows.IsToken, rows.Types).Last;
        Tensor loss = nn.functional.cross_entropy(network.Logits(last).flatten(0, 1), tensor(targets), ignore_index: MaskPolicy.Ignored, reduction: nn.Reduction.Sum);
        loss.backward();
        return new StepLoss(loss.detach(), tokens.Places.Length);
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
