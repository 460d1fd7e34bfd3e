using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Rotary position embedding (arXiv 2104.09864): the angles by which queries and keys turn at each position.</summary>
/// <remarks>Component i turns with component i + headSize / 2, by the angle position * theta^(-2i / headSize), scaling aside.</remarks>
internal sealed class RotaryEmbedding
{
    private readonly double[] _frequencies;

    /// <param name="headSize">The size of one head's vectors; even.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="scaling">How they change for a longer context; null when they do not.</param>
    public RotaryEmbedding(int headSize, double theta, RotaryScaling? scaling = null)
    {
        int pairs = headSize / 2;
        _frequencies = [.. Enumerable.Range(0, pairs).Select(i => Math.Pow(theta, -(double)i / pairs)).Select(f => scaling?.Apply(f) ?? f)];
    }

    /// <summary>By how many radians each pair turns from one position to the next.</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>The rotation of positions 0 to <paramref name="length"/> - 1, in the caller's dispose scope.</summary>
    public Rotation Angles(long length, ScalarType type, Device device)
    {
        using Tensor positions = arange(length, device: device);
        return Angles(positions, type);
    }

    /// <summary>The rotation of given positions, in the caller's dispose scope.</summary>
    /// <param name="positions">Int64 <c>[length]</c>, or <c>[rows, length]</c> when rows differ.</param>
    /// <param name="type">The type of the vectors to turn.</param>
    public Rotation Angles(Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor angles = positions.to(ScalarType.Float64).unsqueeze(-1) * tensor(_frequencies, device: positions.device);
        Tensor both = cat([angles, angles], -1);
        if (positions.dim() == 2)
            both = both.unsqueeze(1);
        return new Rotation(both.cos().to(type).MoveToOuterDisposeScope(), both.sin().to(type).MoveToOuterDisposeScope());
    }
}
