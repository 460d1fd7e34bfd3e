using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The softmax loss of image-text pairs (CLIP): each row classifies its partner among the batch, both ways.</summary>
/// <remarks>
/// Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021, arXiv 2103.00020; the
/// comparator of arXiv 2303.15343. With unit-length x and y, t = exp(t′) and a[i,j] = t·x[i]·y[j]:
/// <code>L = −(1/2n)·Σ_i (log softmax_j(a[i,j])[i] + log softmax_j(a[j,i])[i])</code>
/// <see cref="Sum"/> returns the sum with weight n, the rows of the left side. Gradient by the logits: G = ½(P_row + P_column − 2·I),
/// and from G as for <see cref="SigmoidContrastive"/>; there is no bias: its gradient is 0.
/// <list type="bullet">
/// <item>A row or column with several positives takes the mean of their log-probabilities; one without any adds nothing.</item>
/// <item>Pairs that the mask leaves out are in no softmax.</item>
/// <item>For n × m pairs the sum has n row terms and m column terms, each halved; the weight is n. Blocks of a batch do not add up
/// to the batch: the normalisers need whole rows and columns.</item>
/// </list>
/// <para>Memory is for the pairs of one chunk: a first walk over the batch computes the normalisers, a second one losses and
/// gradients together. First derivatives only.</para>
/// </remarks>
public sealed class SoftmaxContrastive : IContrastiveObjective
{
    private readonly int _chunkRows = 512;

    /// <summary>How many rows of the left side are paired with all of the right side at a time, at least 1.</summary>
    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public int ChunkRows
    {
        get => _chunkRows;
        init => _chunkRows = value >= 1 ? value : throw new ArgumentException($"ChunkRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <inheritdoc/>
    public ObjectiveSum Sum(Tensor left, Tensor right, Tensor logScale, Tensor bias, PairLabels? pairs = null)
    {
        using var scope = NewDisposeScope();
        var batch = new ContrastiveBatch(left, right, logScale, bias);
        var pass = new SoftmaxPairs(batch, PairLabels.Table(pairs, batch), ChunkRows);
        return new(PairChunks.Evaluate(batch, ChunkRows, pass).MoveToOuterDisposeScope(), batch.RowCount);
    }
}
