using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Cross-entropy of rows of logits by torch operations, on any device.</summary>
/// <param name="targets">Of the rows.</param>
/// <param name="losses">Receives the weighted loss of each row; null when the sum is enough.</param>
internal sealed class TorchTokenLosses(TokenTargets targets, Tensor? losses) : IHeadRows
{
    public double Run(Tensor logits, long start, bool wantsGradient)
    {
        using var scope = NewDisposeScope();
        var (first, end) = ((int)start, (int)(start + logits.shape[0]));
        var ids = tensor(targets.Ids[first..end], dtype: ScalarType.Int64, device: logits.device).unsqueeze(1);
        var weights = targets.Weights is null
            ? ones(end - first, 1, dtype: logits.dtype, device: logits.device)
            : tensor(targets.Weights[first..end], dtype: logits.dtype, device: logits.device).unsqueeze(1);
        var logSums = logits.logsumexp(1, keepdim: true);
        var rowLosses = weights * (logSums - logits.gather(1, ids));
        losses?.narrow(0, start, end - first).copy_(rowLosses.squeeze(1));
        double sum = rowLosses.sum().ToDouble();
        if (wantsGradient)
            logits.sub_(logSums).exp_().mul_(weights).scatter_add_(1, ids, -weights);
        return sum;
    }
}
