using TorchSharp;

namespace MLNetExt.Tests.Columns;

/// <summary>Counts live tensors, after those that other tests left to the collector are gone.</summary>
internal static class LiveTensors
{
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
