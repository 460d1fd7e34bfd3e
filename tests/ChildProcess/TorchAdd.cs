using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.ChildProcess;

/// <summary>Prints 1 + 1 as torch computes it, then the path of the TorchSharp library that did.</summary>
internal static class TorchAdd
{
    public static void Run()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(1);
        using var sum = tensor(1L) + tensor(1L);
        Console.WriteLine(sum.item<long>());
        Console.WriteLine(LibTorch.Info.TorchSharpLibrary);
    }
}
