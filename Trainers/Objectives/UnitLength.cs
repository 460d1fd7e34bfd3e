using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Scales embeddings to length 1.</summary>
public static class UnitLength
{
    private const double SmallestLength = 1e-6;

    /// <summary>u / max(|u|, 1e-6) for every row u.</summary>
    /// <remarks>A zero row stays zero, and rows shorter than 1e-6 stay shorter than 1: their gradient is at most 1e6 times
    /// that of the result.</remarks>
    /// <param name="raw">Floating point <c>[rows, dimensions]</c>; half precision becomes single precision.</param>
    /// <returns>The shape of <paramref name="raw"/>, differentiable.</returns>
    /// <exception cref="ArgumentException">The shape or element type is wrong.</exception>
    public static Tensor Of(Tensor raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.dim() != 2 || !raw.is_floating_point())
            throw new ArgumentException($"Embeddings are {raw.dtype} [{string.Join(", ", raw.shape)}]; they must be floating point [rows, dimensions].", nameof(raw));
        using var scope = NewDisposeScope();
        var u = raw.dtype is ScalarType.Float32 or ScalarType.Float64 ? raw : raw.to(ScalarType.Float32);
        return nn.functional.normalize(u, p: 2, dim: 1, eps: SmallestLength).MoveToOuterDisposeScope();
    }
}
