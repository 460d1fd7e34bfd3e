using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetExt.Kernels;

/// <summary>The sigmoid loss of a row of negative pairs, softplus(t·cosine + b), and its gradient, in one pass.</summary>
internal static class NegativePairs
{
    /// <summary>So many vectors are added in the row's own precision before the sum goes on in double precision.</summary>
    private const int BlockVectors = 32;

    /// <summary>Adds up the losses and overwrites the cosines with the gradients by the logits.</summary>
    /// <param name="row">Cosines; minus infinity where a pair does not count, which gives loss and gradient 0.</param>
    /// <param name="scale">t, greater than 0.</param>
    /// <param name="bias">b.</param>
    public static PairSums Run<T>(Span<T> row, T scale, T bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PairSums sums = default;
        int whole = row.Length - row.Length % Vector<T>.Count;
        for (int i = 0; i < whole; i += BlockVectors * Vector<T>.Count)
            sums += Block(row[i..Math.Min(whole, i + BlockVectors * Vector<T>.Count)], scale, bias);
        if (whole < row.Length)
        {
            Span<T> last = stackalloc T[Vector<T>.Count];
            last.Fill(T.NegativeInfinity);
            row[whole..].CopyTo(last);
            sums += Block(last, scale, bias);
            last[..(row.Length - whole)].CopyTo(row[whole..]);
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PairSums Block<T>(Span<T> values, T scale, T bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> t = new(scale), b = new(bias), lowest = new(T.CreateSaturating(float.MinValue));
        Vector<T> loss = default, gradient = default, cosineGradient = default;
        foreach (ref var vector in MemoryMarshal.Cast<T, Vector<T>>(values))
        {
            var cosine = vector;
            var (value, derivative) = Softplus.Evaluate(cosine * t + b);
            vector = derivative;
            loss += value;
            gradient += derivative;
            // Minus infinity times 0 would be NaN.
            cosineGradient += derivative * Vector.MaxNative(cosine, lowest);
        }

        return new(double.CreateTruncating(Vector.Sum(loss)), double.CreateTruncating(Vector.Sum(gradient)), double.CreateTruncating(Vector.Sum(cosineGradient)));
    }
}
