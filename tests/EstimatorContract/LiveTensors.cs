using TorchSharp;

namespace MLNetExt.Tests.Contract;

/// <summary>Counts live tensors.</summary>
public static class LiveTensors
{
    /// <summary>Tensors that the calling thread has made and not disposed; what the collector took still counts.</summary>
    /// <remarks>Not <c>Tensor.TotalCount</c>, which never forgets the tensor that a <c>Parameter</c> was made from.</remarks>
    public static long OfThisThread => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary><c>Tensor.TotalCount</c>, after what other tests left to the collector is gone, which would lower it at any time.</summary>
    public static long OfAllThreads()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
