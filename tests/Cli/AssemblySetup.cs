using MLNetExt.Torch;
using TorchSharp;

namespace MLNetExt.Tests.Cli;

[TestClass]
public static class AssemblySetup
{
    [AssemblyInitialize]
    public static void Initialize(TestContext context)
    {
        LibTorch.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
