using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Arithmetic with numbers, for what runs in every step, perhaps in every layer.</summary>
/// <remarks>TorchSharp lets go of a number when the call begins, while libtorch still reads it: even a + b has one, the factor of b, and a + 1 has two. While another thread collected garbage without a pause, 35 of 1.4 million
/// such sums failed or were wrong, and none of 1.8 million of these, whose numbers are kept alive.</remarks>
internal static class Arithmetic
{
    private static readonly Scalar s_one = 1;

    /// <summary>left + right, broadcast to one shape.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, s_one);

    /// <summary>Each value plus a number.</summary>
    public static Tensor Plus(this Tensor values, double number)
    {
        Scalar added = number;
        Tensor sum = values.add(added, s_one);
        GC.KeepAlive(added);
        return sum;
    }

    /// <summary>Each value times a number.</summary>
    public static Tensor Times(this Tensor values, double number)
    {
        Scalar factor = number;
        Tensor product = values.mul(factor);
        GC.KeepAlive(factor);
        return product;
    }

    /// <summary>As <see cref="Times"/>, in place.</summary>
    /// <returns><paramref name="values"/>.</returns>
    public static Tensor TimesInPlace(this Tensor values, double number)
    {
        Scalar factor = number;
        values.mul_(factor);
        GC.KeepAlive(factor);
        return values;
    }

    /// <summary>Each value divided by a number, in place.</summary>
    /// <returns><paramref name="values"/>.</returns>
    public static Tensor DivideInPlace(this Tensor values, double number)
    {
        Scalar divisor = number;
        values.div_(divisor);
        GC.KeepAlive(divisor);
        return values;
    }

    /// <summary>A number divided by each value.</summary>
    public static Tensor Over(this double number, Tensor values) => values.reciprocal().TimesInPlace(number);

    /// <summary>No value above 1, in place.</summary>
    /// <returns><paramref name="values"/>.</returns>
    public static Tensor AtMostOneInPlace(this Tensor values) => values.clamp_(max: s_one);
}
