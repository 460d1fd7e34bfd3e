using TorchSharp;

namespace MLNetExt.Tests.Contract;

/// <summary>Counts live tensors.</summary>
internal static class LiveTensors
{
    /// <summary>The number of live tensors, once those that other tests left to the collector are gone.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
