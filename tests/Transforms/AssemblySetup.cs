using MLNetExt.Torch;
using TorchSharp;

namespace MLNetExt.Tests;

[TestClass]
public static class AssemblySetup
{
    [AssemblyInitialize]
    public static void LoadTorch(TestContext context)
    {
        LibTorch.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
