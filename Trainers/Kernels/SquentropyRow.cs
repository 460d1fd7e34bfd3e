using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetExt.Kernels;

/// <summary>logsumexp(f) − f[y] + squareFactor · Σ over j≠y of f[j]².</summary>
internal readonly struct SquentropyRow(double squareFactor, double[]? classWeights) : IRowLoss
{
    public double Evaluate<T>(ReadOnlySpan<T> logits, int target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (classWeights is not null)
            scale *= classWeights[target];

        var max = RowOps.Shift(logits, gradient);
        double sum = RowOps.ExpSum(gradient);
        double loss = double.CreateTruncating(max - logits[target]) + Math.Log(sum)
            + squareFactor * RowOps.WrongSquares(logits, target);

        var correct = T.CreateTruncating(scale * (double.CreateTruncating(gradient[target]) / sum - 1));
        TensorPrimitives.Multiply(gradient, T.CreateTruncating(scale / sum), gradient);
        TensorPrimitives.MultiplyAdd(logits, T.CreateTruncating(2 * squareFactor * scale), gradient, gradient);
        gradient[target] = correct;
        return scale * loss;
    }
}
