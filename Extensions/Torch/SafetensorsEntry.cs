using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end (exclusive).</param>
public sealed record SafetensorsEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>The number of bytes.</summary>
    public long Length => End - Begin;

    /// <summary>For messages: <c>F32 [2, 3]</c>.</summary>
    internal string Description => SafetensorsDTypes.Describe(DType, Shape);
}
