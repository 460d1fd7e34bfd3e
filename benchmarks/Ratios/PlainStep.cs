using MLNetExt.Columns;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>One forward and one backward of a network with the squentropy loss.</summary>
internal sealed class PlainStep(nn.Module<Tensor, Tensor> network) : ITrainingStep
{
    private readonly Squentropy _squentropy = new();

    public StepLoss Accumulate(TensorBatch batch)
    {
        (Tensor loss, double weight) = _squentropy.Sum(network.forward(batch["Features"]), batch["Label"]);
        loss.backward();
        return new StepLoss(loss.detach(), weight);
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
