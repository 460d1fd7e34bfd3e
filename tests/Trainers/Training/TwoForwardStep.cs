using MLNetExt.Columns;
using MLNetExt.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Tests.Training;

/// <summary>A step that a loop can only resume when it saves everything: two forwards with masks from a private generator,
/// a moving average of the loss that weighs the second, and a round counter.</summary>
internal sealed class TwoForwardStep(Module<Tensor, Tensor> network) : ITrainingStep, IDisposable
{
    private readonly Generator _generator = new(123, CPU);
    private readonly Tensor _average = ones(1);
    private int _round;

    public StepLoss Accumulate(TensorBatch batch)
    {
        Tensor Forward()
        {
            Tensor mask = (rand(batch["x"].shape, generator: _generator) > 0.2).to(ScalarType.Float32);
            return (network.call(batch["x"] * mask).squeeze(1) - batch["y"]).pow(2).sum();
        }

        Tensor first = Forward(), second = Forward() / (1 + _average);
        Tensor loss = (first + second).sum();
        loss.backward();
        using (no_grad())
        {
            _average.mul_(0.9).add_(loss.detach(), alpha: 0.1 / batch.RowCount);
        }
        return new StepLoss(loss, batch.RowCount);
    }

    public void Finish()
    {
        // Every third step the average is shaken by the generator: a lost counter or generator shows.
        if (++_round % 3 == 0)
        {
            _average.add_(rand(1, generator: _generator));
        }
    }

    public void SaveState(StepState state)
    {
        state.Tensors["average"] = _average;
        state.Tensors["generator"] = _generator.get_state();
        state.Values["round"] = _round;
    }

    public void LoadState(StepState state)
    {
        _average.copy_(state.Tensors["average"]);
        _generator.set_state(state.Tensors["generator"]);
        _round = (int)state.Values["round"]!;
    }

    public void Dispose()
    {
        _generator.Dispose();
        _average.Dispose();
    }
}
