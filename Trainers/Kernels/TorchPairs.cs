using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The sigmoid loss of rows of pairs by torch operations, on any device.</summary>
/// <param name="scale">t.</param>
/// <param name="bias">b.</param>
/// <param name="pairs">Which pairs are positive and which count.</param>
/// <param name="kept">The negatives that count, as ascending row · m + column; null for all.</param>
internal sealed class TorchPairs(double scale, double bias, PairTable pairs, long[]? kept) : IPairPass
{
    public PairSums Run(Tensor cosines, long start)
    {
        using var scope = NewDisposeScope();
        var (sign, counted) = Signs(pairs, kept, start, cosines.shape[0], cosines);
        var x = sign * (cosines * scale + bias);
        var losses = -nn.functional.logsigmoid(-x);
        var gradient = sign * x.sigmoid();
        if (counted is not null)
            (losses, gradient) = (losses.FillWhere(~counted, 0), gradient.FillWhere(~counted, 0));

        var sums = new PairSums(losses.sum().ToDouble(), gradient.sum().ToDouble(), (gradient * cosines).sum().ToDouble());
        cosines.copy_(gradient);
        return sums;
    }

    /// <summary>The sum over all pairs by plain operations that autograd differentiates, any number of times.</summary>
    public static Tensor Differentiable(ContrastiveBatch batch, PairTable pairs, long[]? kept, int chunkRows)
    {
        var total = zeros(1, dtype: batch.Left.dtype, device: batch.Left.device).squeeze();
        var scale = batch.LogScale.reshape([]).exp();
        long start = 0;
        do
        {
            var left = batch.Left.narrow(0, start, Math.Min(chunkRows, batch.RowCount - start));
            var logits = left.mm(batch.Right.t()) * scale + batch.Bias.reshape([]);
            var (sign, counted) = Signs(pairs, kept, start, left.shape[0], logits);
            var losses = -nn.functional.logsigmoid(-sign * logits);
            total = total + (counted is null ? losses : losses.FillWhere(~counted, 0)).sum();
            start += chunkRows;
        }
        while (start < batch.RowCount);

        return total;
    }

    /// <summary>−z for every pair of these rows, and the pairs that count; null when all do.</summary>
    private static (Tensor Sign, Tensor? Counted) Signs(PairTable pairs, long[]? kept, long start, long count, Tensor like)
    {
        var positives = pairs.Positives(start, count, like.device);
        var counted = pairs.Counted(start, count);
        if (kept is not null)
        {
            long offset = start * pairs.ColumnCount;
            long[] inside = [.. kept.Where(pair => pair >= offset && pair < offset + count * pairs.ColumnCount).Select(pair => pair - offset)];
            var isKept = zeros(count * pairs.ColumnCount, dtype: ScalarType.Bool, device: like.device);
            isKept[tensor(inside, device: like.device)] = tensor(true, device: like.device);
            var selected = positives | isKept.view(count, -1);
            counted = counted is null ? selected : counted & selected;
        }

        return (1 - 2 * positives.to(like.dtype), counted);
    }
}
