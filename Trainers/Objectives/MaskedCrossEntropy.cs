using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The cross-entropy of masked-token prediction: BERT's pre-training loss, over the masked positions alone.</summary>
/// <remarks>
/// Devlin, Chang, Lee and Toutanova, "BERT: pre-training of deep bidirectional transformers for language understanding", NAACL 2019, arXiv 1810.04805. With the
/// vectors h[i] of the masked positions behind the prediction's own layers, head W, bias c and the tokens y[i] that were masked,
/// <code>f[i] = W·h[i] + c;   ℓ[i] = logsumexp(f[i]) − f[i][y[i]];   L = Σ_i ℓ[i]</code>
/// <see cref="Sum"/> returns the sum with the number of masked positions, by which the caller divides once per optimiser step. Gradient: ∂L/∂f[i] = softmax(f[i]) − 1[y[i]].
/// <para>Positions that are not masked cost nothing: their logits are never computed. Those of <see cref="BlockRows"/> positions are in memory at a time, as in
/// <see cref="NextTokenCrossEntropy"/>. float16 and bfloat16 are computed in float32.</para>
/// </remarks>
public sealed class MaskedCrossEntropy
{
    private const long NoTarget = -1;

    private readonly int? _blockRows;

    /// <inheritdoc cref="NextTokenCrossEntropy.BlockRows"/>
    public int? BlockRows
    {
        get => _blockRows;
        init => _blockRows = value is null or >= 1 ? value : throw new ArgumentException($"BlockRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <summary>Whether the CPU may use the fused kernel rather than torch operations.</summary>
    public bool UseFusedKernel { get; init; } = true;

    /// <summary>The loss over the masked positions, summed.</summary>
    /// <param name="hidden">Floating point <c>[n, d]</c>: the vectors of the masked positions.</param>
    /// <param name="head"><c>[V, d]</c>, with the element type and on the device of <paramref name="hidden"/>; the embedding matrix of the tokens when the two are tied.</param>
    /// <param name="bias"><c>[V]</c>, likewise; null for none.</param>
    /// <param name="targets">Int64 <c>[n]</c>: the tokens that were masked, each in [0, V).</param>
    /// <returns>The sum, in the autograd graph, and the loss of each position. Both 0 and empty for no positions.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, or a target is not in the vocabulary.</exception>
    public MaskedTokenSum Sum(Tensor hidden, Tensor head, Tensor? bias, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var batch = new TokenBatch(hidden, head, targets, weights: null, NoTarget);
        if (bias is not null && (bias.dim() != 1 || bias.shape[0] != head.shape[0] || bias.dtype != head.dtype))
            throw new ArgumentException($"bias is {bias.dtype} [{string.Join(", ", bias.shape)}]; it must be {head.dtype} [{head.shape[0]}], as the head has rows.", nameof(bias));
        if (bias is not null && (bias.device_type != head.device_type || bias.device_index != head.device_index))
            throw new ArgumentException($"bias is on {bias.device}, head on {head.device}; move them to one device.", nameof(bias));
        var masked = batch.Kept();
        if (masked.Ids.Length != targets.numel())
            throw new ArgumentException("targets hold an id below 0; give the vectors and targets of the masked positions alone.", nameof(targets));
        var losses = batch.Hidden.new_empty(masked.Ids.Length);
        var loss = ChunkedHead.Sum(
            batch.Hidden, batch.Head, BlockRows ?? ChunkedHead.BlockRows(head.shape[0]), masked.CrossEntropy(head.device, UseFusedKernel, losses), bias?.to(batch.Head.dtype));
        return new(loss.MoveToOuterDisposeScope(), losses.MoveToOuterDisposeScope());
    }
}
