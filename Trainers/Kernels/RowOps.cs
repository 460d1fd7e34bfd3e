using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetExt.Kernels;

/// <summary>The steps that several row losses share.</summary>
internal static class RowOps
{
    /// <summary>Writes logits − max(logits) and returns the maximum.</summary>
    public static T Shift<T>(ReadOnlySpan<T> logits, Span<T> shifted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, max, shifted);
        return max;
    }

    /// <summary>Replaces every element by its exponential and returns their sum.</summary>
    public static double ExpSum<T>(Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Exp(values, values);
        return double.CreateTruncating(TensorPrimitives.Sum<T>(values));
    }

    /// <summary>The sum of squares of all logits but the target's.</summary>
    /// <remarks>Never the sum of all minus the target's square: that loses every digit when the target's logit is large.</remarks>
    public static double WrongSquares<T>(ReadOnlySpan<T> logits, int target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => double.CreateTruncating(
            TensorPrimitives.SumOfSquares(logits[..target]) + TensorPrimitives.SumOfSquares(logits[(target + 1)..]));
}
