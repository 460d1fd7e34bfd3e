using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Where a tensor's elements lie.</summary>
internal static class TensorMemory
{
    /// <summary>The first element of a contiguous CPU tensor; the caller keeps the tensor alive while it uses the address.</summary>
    public static unsafe T* Address<T>(Tensor tensor)
        where T : unmanaged
    {
        // A span has at most int.MaxValue bytes.
        if (tensor.numel() * tensor.element_size() > int.MaxValue)
        {
            using var start = tensor.view(-1).narrow(0, 0, 1);
            return Address<T>(start);
        }

        fixed (byte* first = tensor.bytes)
            return (T*)first;
    }
}
