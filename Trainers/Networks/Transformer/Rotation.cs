using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>How vectors turn at their positions.</summary>
/// <param name="Cos">The cosines of the angles: <c>[length, headSize]</c>, or <c>[rows, 1, length, headSize]</c> when rows differ; the second half equal to the first.</param>
/// <param name="Sin">Their sines.</param>
internal sealed record Rotation(Tensor Cos, Tensor Sin)
{
    /// <summary>Turns <c>[rows, heads, length, headSize]</c>.</summary>
    public Tensor Apply(Tensor vectors)
    {
        Tensor[] halves = vectors.chunk(2, -1);
        return (vectors * Cos).Plus(cat([-halves[1], halves[0]], -1) * Sin);
    }
}
