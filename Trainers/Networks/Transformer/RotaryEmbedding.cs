using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Rotary position embedding (arXiv 2104.09864): the angles by which queries and keys turn at each position.</summary>
/// <remarks>Component i turns with component i + headSize / 2, by the angle position * theta^(-2i / headSize).</remarks>
internal sealed class RotaryEmbedding
{
    private readonly double[] _frequencies;

    /// <param name="headSize">The size of one head's vectors; even.</param>
    /// <param name="theta">The base of the frequencies.</param>
    public RotaryEmbedding(int headSize, double theta)
    {
        int pairs = headSize / 2;
        _frequencies = [.. Enumerable.Range(0, pairs).Select(i => Math.Pow(theta, -(double)i / pairs))];
    }

    /// <summary>The rotation of positions 0 to <paramref name="length"/> - 1, in the caller's dispose scope.</summary>
    public Rotation Angles(long length, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor angles = outer(arange(length, dtype: ScalarType.Float64), tensor(_frequencies));
        Tensor both = cat([angles, angles], 1);
        return new Rotation(
            both.cos().to(type, device).MoveToOuterDisposeScope(),
            both.sin().to(type, device).MoveToOuterDisposeScope());
    }
}
