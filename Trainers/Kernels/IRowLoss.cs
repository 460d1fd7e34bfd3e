using System.Numerics;

namespace MLNetExt.Kernels;

/// <summary>The loss of one row of logits and its gradient, computed together while the row is in cache.</summary>
/// <remarks>Implement it as a struct: the driver is compiled once for each, with the call inlined.</remarks>
internal interface IRowLoss
{
    /// <summary>Returns scale × loss and writes scale × its gradient.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="target">The row's class.</param>
    /// <param name="scale">The row's weight.</param>
    /// <param name="gradient">As long as <paramref name="logits"/>; overwritten. Scratch space when the caller wants the loss alone.</param>
    double Evaluate<T>(ReadOnlySpan<T> logits, int target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
