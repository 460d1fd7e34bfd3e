using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The targets of the rows that a loss is computed of.</summary>
/// <param name="Rows">Their numbers in the batch, ascending.</param>
/// <param name="Ids">The target of each.</param>
/// <param name="Weights">What each counts; null when all count 1.</param>
internal sealed record TokenTargets(long[] Rows, int[] Ids, double[]? Weights)
{
    /// <summary>The rows' hidden states, those of the batch themselves when all are wanted; autograd knows the way back.</summary>
    public Tensor Select(Tensor hidden)
        => Rows.Length == hidden.shape[0] ? hidden : hidden.index_select(0, tensor(Rows, device: hidden.device));

    /// <summary>How losses of these targets are computed there.</summary>
    /// <param name="device">Where the logits are.</param>
    /// <param name="useFusedKernel">Whether the CPU may use the fused kernel.</param>
    /// <param name="losses">Receives the loss of each row; null when the sum is enough.</param>
    public IHeadRows CrossEntropy(Device device, bool useFusedKernel, Tensor? losses = null)
        => useFusedKernel && device.type == DeviceType.CPU ? new FusedTokenLosses(this, losses) : new TorchTokenLosses(this, losses);
}
