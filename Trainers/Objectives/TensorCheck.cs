using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Refuses tensors that are not what they must be.</summary>
internal static class TensorCheck
{
    /// <summary>Throws, with the tensor's element type and shape, unless <paramref name="isRight"/> holds.</summary>
    /// <param name="tensor">The argument.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">What it must be, in words.</param>
    /// <param name="isRight">The same, to be called.</param>
    public static void Require(Tensor tensor, string name, string expected, Func<Tensor, bool> isRight)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!isRight(tensor))
            throw new ArgumentException($"{name}: {tensor.dtype} [{string.Join(", ", tensor.shape)}]; it must be {expected}.", name);
    }
}
