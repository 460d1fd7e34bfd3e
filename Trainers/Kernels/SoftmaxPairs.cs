using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Half the softmax cross-entropies of rows and of columns, by torch operations: a first walk for the
/// normalisers, this pass for losses and gradients.</summary>
internal sealed class SoftmaxPairs : IPairPass
{
    private readonly double _scale;
    private readonly PairTable _pairs;

    // log Σ exp over each row [n, 1] and column [1, m], and how many positives that count each has.
    private readonly Tensor _rowLogSum;
    private readonly Tensor _columnLogSum;
    private readonly Tensor _rowPositives;
    private readonly Tensor _columnPositives;

    /// <summary>Walks through the batch once. The tensors made here belong to the caller's dispose scope.</summary>
    public SoftmaxPairs(ContrastiveBatch batch, PairTable pairs, int chunkRows)
    {
        (_scale, _pairs) = (batch.Scale, pairs);
        var (dtype, device) = (batch.Left.dtype, batch.Left.device);
        _rowLogSum = empty(batch.RowCount, 1, dtype: dtype, device: device);
        _rowPositives = empty(batch.RowCount, 1, dtype: dtype, device: device);
        _columnLogSum = full(1, batch.ColumnCount, double.NegativeInfinity, dtype: dtype, device: device);
        _columnPositives = zeros(1, batch.ColumnCount, dtype: dtype, device: device);
        PairChunks.ForEach(batch, chunkRows, (cosines, start) =>
        {
            long count = cosines.shape[0];
            cosines.mul_(_scale);
            if (_pairs.Counted(start, count) is { } counted)
                cosines.FillWhereInPlace(~counted, double.NegativeInfinity);
            var positives = Positives(start, count, cosines);
            _rowLogSum.narrow(0, start, count).copy_(cosines.logsumexp(1, keepdim: true));
            _rowPositives.narrow(0, start, count).copy_(positives.sum(1, keepdim: true));
            _columnLogSum.copy_(_columnLogSum.logaddexp(cosines.logsumexp(0, keepdim: true)));
            _columnPositives.add_(positives.sum(0, keepdim: true));
        });
    }

    public PairSums Run(Tensor cosines, long start)
    {
        using var scope = NewDisposeScope();
        long count = cosines.shape[0];
        var logits = cosines * _scale;
        var positives = Positives(start, count, cosines);
        var (rowLoss, rowGradient) = Direction(logits, positives, _rowLogSum.narrow(0, start, count), _rowPositives.narrow(0, start, count));
        var (columnLoss, columnGradient) = Direction(logits, positives, _columnLogSum, _columnPositives);
        var gradient = (rowGradient + columnGradient) / 2;
        if (_pairs.Counted(start, count) is { } counted)
            gradient = gradient.FillWhere(~counted, 0);
        double cosineGradient = (gradient * cosines).sum().ToDouble();
        cosines.copy_(gradient);
        return new((rowLoss + columnLoss) / 2, 0, cosineGradient);
    }

    /// <summary>The cross-entropies against the mean over the positives of a line, of lines that have any.</summary>
    private static (double Loss, Tensor Gradient) Direction(Tensor logits, Tensor positives, Tensor logSum, Tensor positiveCount)
    {
        var hasPositive = positiveCount > 0;
        var weights = positives / positiveCount.clamp(1);
        var negativeLogs = logSum - logits;
        double loss = (negativeLogs * weights).FillWhere(positives == 0, 0).sum().ToDouble();
        return (loss, (-negativeLogs).exp().FillWhere(~hasPositive, 0) - weights);
    }

    /// <summary>1 for positives that count, 0 for other pairs, in the logits' element type.</summary>
    private Tensor Positives(long start, long count, Tensor like)
    {
        var positives = _pairs.Positives(start, count, like.device);
        return (_pairs.Counted(start, count) is { } counted ? positives & counted : positives).to(like.dtype);
    }
}
