using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetExt.Kernels;

/// <summary>(k·(f[y] − m)² + Σ over j≠y of f[j]²) / C.</summary>
internal readonly struct RescaledSquareRow(double k, double m, double[]? classWeights) : IRowLoss
{
    public double Evaluate<T>(ReadOnlySpan<T> logits, int target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (classWeights is not null)
            scale *= classWeights[target];
        scale /= logits.Length;

        double miss = double.CreateTruncating(logits[target]) - m;
        TensorPrimitives.Multiply(logits, T.CreateTruncating(2 * scale), gradient);
        gradient[target] = T.CreateTruncating(2 * scale * k * miss);
        return scale * (k * miss * miss + RowOps.WrongSquares(logits, target));
    }
}
