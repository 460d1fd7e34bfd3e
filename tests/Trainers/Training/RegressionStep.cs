using MLNetExt.Columns;
using MLNetExt.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Tests.Training;

/// <summary>Squared error without any state.</summary>
internal sealed class RegressionStep(Module<Tensor, Tensor> network) : ITrainingStep
{
    /// <summary>Called with the number of finished optimiser steps.</summary>
    public Action<int>? OnFinish { get; init; }

    /// <summary>What the loss of a batch is multiplied by, given the number of batches before it.</summary>
    public Func<int, double> Factor { get; init; } = _ => 1;

    public int Batches { get; private set; }

    public int Finished { get; private set; }

    public StepLoss Accumulate(TensorBatch batch)
    {
        Tensor error = network.call(batch["x"]).squeeze(1) - batch["y"];
        Tensor loss = error.pow(2).sum() * Factor(Batches++);
        loss.backward();
        return new StepLoss(loss, batch.RowCount, new Dictionary<string, StepMetric> { ["absolute"] = new(error.abs().sum(), batch.RowCount) });
    }

    public void Finish() => OnFinish?.Invoke(++Finished);

    public void SaveState(StepState state)
    {
    }

    public void LoadState(StepState state)
    {
    }
}
