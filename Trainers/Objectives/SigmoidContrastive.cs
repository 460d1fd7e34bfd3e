using MLNetExt.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The sigmoid loss of image-text pairs (SigLIP): every pair of the batch is a binary classification of its own.</summary>
/// <remarks>
/// Zhai, Mustafa, Kolesnikov and Beyer, "Sigmoid loss for language image pre-training", ICCV 2023, arXiv 2303.15343,
/// Algorithm 1. With unit-length x and y, t = exp(t′), and z = +1 for positive pairs, −1 for all others:
/// <code>a[i,j] = t·x[i]·y[j] + b;   L = (1/n)·Σ_{i,j} softplus(−z[i,j]·a[i,j])</code>
/// <see cref="Sum"/> returns the sum with weight n, the rows of the left side. The equation displayed in the paper has the
/// sign of b wrong; its algorithm, and every implementation, has the logit above. Gradients: G[i,j] = σ(a) − 1 for positives
/// and σ(a) for negatives; ∂/∂x = t·G·y, ∂/∂y = t·Gᵀ·x, ∂/∂t′ = t·Σ G[i,j]·x[i]·y[j], ∂/∂b = Σ G[i,j].
/// <list type="bullet">
/// <item>Start with t′ = ln 10 (not t′ = 10) and b = −10. With b = 0 the negatives, n − 1 to each positive, dominate the
/// first steps, and b moves little in a short run: where it starts decides.</item>
/// <item>The divisor is n, not n²: a mean over all pairs would divide the learning rate by n.</item>
/// <item>No weight decay on t′ and b.</item>
/// <item>Splitting a batch for gradient accumulation changes the loss: the parts have fewer negatives. Sums over blocks of a
/// batch, each with its labels, do add up.</item>
/// <item>σ(a) is no calibrated probability: it holds for the batch's share of positives alone.</item>
/// </list>
/// <para>Pairs are walked through in chunks of <see cref="ChunkRows"/> rows, and losses and gradients computed together:
/// memory for one chunk's pairs, however large the batch. The number of threads and the chunk size change nothing but
/// rounding. On the CPU a fused kernel computes the pairs of a chunk, on other devices torch operations.</para>
/// </remarks>
public sealed class SigmoidContrastive : IContrastiveObjective
{
    private readonly Generator? _generator;
    private readonly int _chunkRows = 512;

    /// <summary>Makes the objective.</summary>
    /// <param name="negatives">Which negatives count; all when null.</param>
    /// <param name="generator">Draws random negatives, one number for each: a CPU generator. It stays the caller's.</param>
    /// <exception cref="ArgumentException">Negatives are random, and there is no generator.</exception>
    public SigmoidContrastive(NegativeSelection? negatives = null, Generator? generator = null)
    {
        Negatives = negatives ?? new(NegativeKind.All);
        if (Negatives.Kind == NegativeKind.Random && generator is null)
            throw new ArgumentException("Random negatives are drawn from a generator: give one.", nameof(generator));
        _generator = generator;
    }

    /// <summary>Which negatives count.</summary>
    public NegativeSelection Negatives { get; }

    /// <summary>How many rows of the left side are paired with all of the right side at a time, at least 1.</summary>
    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public int ChunkRows
    {
        get => _chunkRows;
        init => _chunkRows = value >= 1 ? value : throw new ArgumentException($"ChunkRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <summary>Whether gradients are computed with the loss, chunk by chunk. Set it to false for second derivatives:
    /// autograd then keeps every pair until the backward pass.</summary>
    public bool UseFusedKernel { get; init; } = true;

    /// <inheritdoc/>
    public ObjectiveSum Sum(Tensor left, Tensor right, Tensor logScale, Tensor bias, PairLabels? pairs = null)
    {
        using var scope = NewDisposeScope();
        var batch = new ContrastiveBatch(left, right, logScale, bias);
        var table = PairLabels.Table(pairs, batch);
        long[]? kept = Keep(batch, table);
        var loss = UseFusedKernel
            ? PairChunks.Evaluate(batch, ChunkRows, Pass(batch, table, kept))
            : TorchPairs.Differentiable(batch, table, kept, ChunkRows);
        return new(loss.MoveToOuterDisposeScope(), batch.RowCount);
    }

    private static IPairPass Pass(ContrastiveBatch batch, PairTable table, long[]? kept)
    {
        double scale = batch.Scale, bias = batch.Bias.ToDouble();
        return batch.IsOnCpu ? new FusedPairs(scale, bias, table, kept) : new TorchPairs(scale, bias, table, kept);
    }

    /// <summary>The negatives that count, as ascending row · m + column; null for all.</summary>
    private long[]? Keep(ContrastiveBatch batch, PairTable table)
    {
        if (Negatives.Kind == NegativeKind.All)
            return null;
        double wanted = Math.Round(Negatives.NegativesPerPositive * table.Rows.PositiveCount, MidpointRounding.AwayFromZero);
        if (wanted >= table.Rows.CountedCount - table.Rows.PositiveCount)
            return null;
        int count = checked((int)wanted);
        return Negatives.Kind == NegativeKind.Random
            ? RandomPairs.Draw(table, count, _generator!)
            : HardestPairs.Find(batch, table, ChunkRows, count, Negatives.Kind == NegativeKind.Hard);
    }
}
