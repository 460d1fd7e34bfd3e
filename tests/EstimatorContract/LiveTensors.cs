using TorchSharp;

namespace MLNetExt.Tests.Contract;

/// <summary>Counts live tensors.</summary>
internal static class LiveTensors
{
    /// <summary>Tensors that the calling thread has made and not disposed; what the collector took still counts.</summary>
    /// <remarks>Not <c>Tensor.TotalCount</c>, which never forgets the tensor that a <c>Parameter</c> was made from.</remarks>
    public static long OfThisThread => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
