using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Adds values to the rows that an index names.</summary>
internal static class RowSums
{
    // libtorch reads the factor until its loop ends, while TorchSharp lets go of it when the call begins: one that was made for the
    // call can be collected, and its memory used for something else, in the middle of the sum.
    private static readonly Scalar s_one = 1;

    /// <summary>The rows with row i of <paramref name="values"/> added to row <c>index[i]</c>.</summary>
    /// <param name="rows">Floating point <c>[rows, width]</c>.</param>
    /// <param name="index">Int64 <c>[values]</c>.</param>
    /// <param name="values"><c>[values, width]</c>, with the element type and on the device of <paramref name="rows"/>.</param>
    public static Tensor AddAt(this Tensor rows, Tensor index, Tensor values) => rows.index_add(0, index, values, s_one);

    /// <summary>As <see cref="AddAt"/>, in place.</summary>
    /// <inheritdoc cref="AddAt" path="/param"/>
    public static void AddAtInPlace(this Tensor rows, Tensor index, Tensor values) => rows.index_add_(0, index, values, s_one);
}
