using System.Numerics;

namespace MLNetExt.Kernels;

/// <summary>logsumexp(f) − f[y] + squareFactor · Σ over j≠y of f[j]².</summary>
internal readonly struct SquentropyRow(double squareFactor, double[]? classWeights) : IRowLoss
{
    public double Evaluate<T>(ReadOnlySpan<T> logits, int target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (classWeights is not null)
            scale *= classWeights[target];

        var max = RowOps.Max(logits);
        double sum = RowOps.ShiftedExpSum(logits, max, gradient);
        double loss = double.CreateTruncating(max - logits[target]) + Math.Log(sum)
            + squareFactor * RowOps.WrongSquares(logits, target);

        var correct = T.CreateTruncating(scale * (double.CreateTruncating(gradient[target]) / sum - 1));
        RowOps.Combine(T.CreateTruncating(scale / sum), T.CreateTruncating(2 * squareFactor * scale), logits, gradient);
        gradient[target] = correct;
        return scale * loss;
    }
}
