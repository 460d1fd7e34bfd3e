using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetExt.Kernels;

/// <summary>softplus(x) = log(1 + e^x) and its derivative, the logistic function, for any x.</summary>
internal static class Softplus
{
    /// <summary>Both at one point.</summary>
    public static (double Value, double Derivative) Evaluate(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        double u = 1 + e;
        // The second term gives back what rounding 1 + e took from a small e.
        double logU = Math.Log(u) - ((u - 1) - e) / u;
        return (Math.Max(x, 0) + logU, (x < 0 ? e : 1) / u);
    }

    /// <summary>Both at several points, to a few units in the last place; (0, 0) at minus infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<T> Value, Vector<T> Derivative) Evaluate<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var e = Exp(-Vector.Abs(x));
        var u = Vector<T>.One + e;
        var derivative = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), e, Vector<T>.One) / u;
        return (Vector.MaxNative(x, Vector<T>.Zero) + LogOfOnePlus(e, u), derivative);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? SingleExp.Exp(x.As<T, float>()).As<float, T>() : Vector.Exp(x.As<T, double>()).As<double, T>();

    /// <summary>log(u), u = 1 + e, with the digits that u has lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> LogOfOnePlus<T>(Vector<T> e, Vector<T> u)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Log1P(e.As<T, float>()).As<float, T>()
            : Vector.Log(u.As<T, double>()).As<double, T>() - (u - Vector<T>.One - e) / u;

    /// <summary>log(1 + e) for e in [0, 1]: e times a polynomial that interpolates log(1 + e)/e at Chebyshev's points,
    /// relative error 4e-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Log1P(Vector<float> e)
    {
        var p = Vector.FusedMultiplyAdd(e, new(0.005126102361828089f), new(-0.029074065387248993f));
        p = Vector.FusedMultiplyAdd(p, e, new(0.0775160863995552f));
        p = Vector.FusedMultiplyAdd(p, e, new(-0.13602247834205627f));
        p = Vector.FusedMultiplyAdd(p, e, new(0.19076880812644958f));
        p = Vector.FusedMultiplyAdd(p, e, new(-0.2483539879322052f));
        p = Vector.FusedMultiplyAdd(p, e, new(0.3331812024116516f));
        p = Vector.FusedMultiplyAdd(p, e, new(-0.4999944567680359f));
        p = Vector.FusedMultiplyAdd(p, e, Vector<float>.One);
        return p * e;
    }
}
