using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetExt.Kernels;

/// <summary>The steps that several row losses share. NaN in a row ends up in its loss.</summary>
internal static class RowOps
{
    /// <summary>The maximum; NaN may be passed over.</summary>
    /// <remarks>TensorPrimitives.Max orders NaN and signed zeros, at twice the time.</remarks>
    public static T Max<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length < Vector<T>.Count)
            return TensorPrimitives.Max(row);

        var vectors = MemoryMarshal.Cast<T, Vector<T>>(row);
        var max = new Vector<T>(row[^Vector<T>.Count..]);
        foreach (var vector in vectors)
            max = Vector.MaxNative(max, vector);

        T result = max[0];
        for (int i = 1; i < Vector<T>.Count; i++)
            result = T.MaxNative(result, max[i]);
        return result;
    }

    /// <summary>Writes exp(row − max), in the row's place if wanted, and returns the sum.</summary>
    public static double ShiftedExpSum<T>(ReadOnlySpan<T> row, T max, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return SingleExp.ShiftedSum(
                MemoryMarshal.Cast<T, float>(row), Unsafe.BitCast<T, float>(max), MemoryMarshal.Cast<T, float>(result));
        }

        TensorPrimitives.Subtract(row, max, result);
        TensorPrimitives.Exp(result, result);
        return double.CreateTruncating(TensorPrimitives.Sum<T>(result));
    }

    /// <summary>result = a · result + b · row.</summary>
    public static void Combine<T>(T a, T b, ReadOnlySpan<T> row, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = MemoryMarshal.Cast<T, Vector<T>>(row);
        var target = MemoryMarshal.Cast<T, Vector<T>>(result);
        for (int i = 0; i < source.Length; i++)
            target[i] = target[i] * a + source[i] * b;
        for (int i = source.Length * Vector<T>.Count; i < row.Length; i++)
            result[i] = result[i] * a + row[i] * b;
    }

    /// <summary>The sum of squares of all logits but the target's.</summary>
    /// <remarks>Never the sum of all minus the target's square: that loses every digit when the target's logit is large.</remarks>
    public static double WrongSquares<T>(ReadOnlySpan<T> logits, int target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => double.CreateTruncating(
            TensorPrimitives.SumOfSquares(logits[..target]) + TensorPrimitives.SumOfSquares(logits[(target + 1)..]));
}
