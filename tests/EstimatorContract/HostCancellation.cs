using System.Reflection;
using Microsoft.ML;

namespace MLNetExt.Tests.Contract;

public static class HostCancellation
{
    /// <summary>Cancels a context as ML.NET's AutoML does; ML.NET keeps the method to itself.</summary>
    public static void CancelExecution(this MLContext ml) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
}
