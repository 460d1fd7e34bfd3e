using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The cross-entropy of next-token prediction over the tokens that a loss mask keeps: the goldfish loss.</summary>
/// <remarks>
/// Hans et al., "Be like a goldfish, don't memorize!", NeurIPS 2024, arXiv 2406.10209. With hidden states h[t] of the
/// positions, head W, targets y[t] (the tokens that follow) and weights w[t], 0 for dropped tokens,
/// <code>f[t] = W·h[t];   L = Σ_t w[t]·(logsumexp(f[t]) − f[t][y[t]])</code>
/// <see cref="Sum"/> returns the sum with Σ w[t] over valid tokens, by which the caller divides once per optimiser step: tokens
/// then count alike in whichever batch they stand. (The paper's code averages the means of its micro-batches.) Gradient:
/// ∂L/∂f[t] = w[t]·(softmax(f[t]) − 1[y[t]]). Without weights this is the plain loss of a language model.
/// <list type="bullet">
/// <item>A dropped token is no target; it stays in the input, and later positions see it.</item>
/// <item>The mask protects from memorisation only if a passage has the same mask every time it is seen.</item>
/// <item>Never mask validation: pass no weights.</item>
/// </list>
/// <para>Logits are computed for kept tokens alone and for <see cref="BlockRows"/> of them at a time, losses and gradients
/// together: memory for one block's logits, however many tokens. It supports first derivatives only. On the CPU a fused
/// kernel computes the rows of a block, on other devices torch operations. float16 and bfloat16 are computed in float32.</para>
/// </remarks>
public sealed class NextTokenCrossEntropy
{
    private readonly int? _blockRows;

    /// <summary>Makes the objective.</summary>
    /// <param name="ignoreIndex">The target of positions that are not valid: padding, say.</param>
    public NextTokenCrossEntropy(long ignoreIndex = -100) => IgnoreIndex = ignoreIndex;

    /// <summary>The target of positions that are not valid.</summary>
    public long IgnoreIndex { get; }

    /// <summary>How many tokens' logits are in memory at a time, at least 1; by default as many as fit into 64 MiB, and
    /// never below 256.</summary>
    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public int? BlockRows
    {
        get => _blockRows;
        init => _blockRows = value is null or >= 1 ? value : throw new ArgumentException($"BlockRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <summary>Whether the CPU may use the fused kernel rather than torch operations.</summary>
    public bool UseFusedKernel { get; init; } = true;

    /// <summary>The loss over the kept tokens, summed.</summary>
    /// <param name="hidden">Floating point <c>[n, d]</c>, or <c>[batch, length, d]</c>: the states that predict the targets.</param>
    /// <param name="head"><c>[V, d]</c>, with the element type and on the device of <paramref name="hidden"/>; the embedding
    /// matrix of the tokens when the two are tied.</param>
    /// <param name="targets">Int64 token ids, or <see cref="IgnoreIndex"/>, in the shape of <paramref name="hidden"/> without its last dimension.</param>
    /// <param name="weights">The loss mask, in the targets' shape: bool, or numbers that are finite and not negative. 0 drops
    /// a token. Null keeps all. What it says of positions that are not valid does not matter.</param>
    /// <param name="withDropped">Whether to compute the dropped tokens' loss too: their share of a matrix product more, without gradient.</param>
    /// <returns>The sum, its weight and the counts; see <see cref="NextTokenSum"/>.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, a target is not in the vocabulary, or a weight is
    /// negative or not finite.</exception>
    public NextTokenSum Sum(Tensor hidden, Tensor head, Tensor targets, Tensor? weights = null, bool withDropped = false)
    {
        using var scope = NewDisposeScope();
        var batch = new TokenBatch(hidden, head, targets, weights, IgnoreIndex);
        TokenTargets kept = batch.Kept(), dropped = batch.Dropped();
        var loss = ChunkedHead.Sum(kept.Select(batch.Hidden), batch.Head, Rows(batch), kept.CrossEntropy(head.device, UseFusedKernel));
        double? droppedLoss = withDropped
            ? ChunkedHead.Evaluate(dropped.Select(batch.Hidden), batch.Head, Rows(batch), dropped.CrossEntropy(head.device, UseFusedKernel))
            : null;
        return new(loss.MoveToOuterDisposeScope(), kept.Weights?.Sum() ?? kept.Ids.Length, kept.Ids.Length, dropped.Ids.Length, droppedLoss);
    }

    /// <summary>The log-probability of every target, for scoring: it is not differentiable.</summary>
    /// <param name="hidden">As for <see cref="Sum"/>.</param>
    /// <param name="head">As for <see cref="Sum"/>.</param>
    /// <param name="targets">As for <see cref="Sum"/>.</param>
    /// <returns>Natural logarithms in the shape of <paramref name="targets"/> and the element type of <paramref name="hidden"/> (float32
    /// for half precision); 0 where the target is <see cref="IgnoreIndex"/>.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, or a target is not in the vocabulary.</exception>
    public Tensor LogProbabilities(Tensor hidden, Tensor head, Tensor targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = new TokenBatch(hidden, head, targets, weights: null, IgnoreIndex);
        var valid = batch.Kept();
        var rows = valid.Select(batch.Hidden);
        var losses = rows.new_empty(valid.Ids.Length);
        ChunkedHead.Evaluate(rows, batch.Head, Rows(batch), valid.CrossEntropy(head.device, UseFusedKernel, losses));
        var all = rows.new_zeros(targets.numel());
        all[tensor(valid.Rows, device: all.device)] = losses.neg_();
        return all.reshape(targets.shape).MoveToOuterDisposeScope();
    }

    private int Rows(TokenBatch batch) => BlockRows ?? ChunkedHead.BlockRows(batch.Head.shape[0]);
}
