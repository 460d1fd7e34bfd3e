using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>The memory of a CPU tensor as spans, also beyond the 2 GiB that one span can hold.</summary>
internal static class TensorBytes
{
    private const long ElementsPerSpan = 1 << 24;

    /// <param name="offset">The span's place in the tensor, in bytes.</param>
    /// <param name="bytes">Its memory.</param>
    public delegate void Visitor(long offset, Span<byte> bytes);

    /// <summary>Visits the memory in order.</summary>
    /// <param name="tensor">A contiguous tensor on the CPU.</param>
    /// <param name="visit">Called for each span.</param>
    public static void Visit(Tensor tensor, Visitor visit)
    {
        using var detached = tensor.detach();
        using var flat = detached.view(tensor.numel());
        for (long first = 0; first < flat.numel(); first += ElementsPerSpan)
        {
            using var part = flat.narrow(0, first, Math.Min(ElementsPerSpan, flat.numel() - first));
            visit(first * flat.ElementSize, part.bytes);
        }
    }
}
