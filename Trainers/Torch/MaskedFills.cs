using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Sets the elements that a mask names to one number.</summary>
/// <remarks>libtorch reads the number after it has copied the tensor, while TorchSharp lets go of it when the call begins: here it is kept alive, as in <see cref="RowSums"/>.</remarks>
internal static class MaskedFills
{
    /// <summary>A copy with <paramref name="value"/> where <paramref name="mask"/> is true.</summary>
    /// <param name="values">Any shape.</param>
    /// <param name="mask">Bool, of a shape that is broadcast to that of <paramref name="values"/>.</param>
    /// <param name="value">The number.</param>
    public static Tensor FillWhere(this Tensor values, Tensor mask, Scalar value)
    {
        Tensor filled = values.masked_fill(mask, value);
        GC.KeepAlive(value);
        return filled;
    }

    /// <summary>As <see cref="FillWhere"/>, in place.</summary>
    /// <inheritdoc cref="FillWhere" path="/param"/>
    /// <returns><paramref name="values"/>.</returns>
    public static Tensor FillWhereInPlace(this Tensor values, Tensor mask, Scalar value)
    {
        values.masked_fill_(mask, value);
        GC.KeepAlive(value);
        return values;
    }
}
