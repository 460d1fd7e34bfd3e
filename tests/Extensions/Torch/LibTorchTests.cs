using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class LibTorchTests
{
    [TestMethod]
    public void Torch_computes_after_EnsureLoaded()
    {
        LibTorch.EnsureLoaded();
        using var sum = tensor(1f) + tensor(1f);
        Assert.AreEqual(2f, sum.item<float>());
    }

    [TestMethod]
    public void Info_tells_version_and_library()
    {
        Assert.AreEqual("2.10.0", LibTorch.Info.Version);
        if (OperatingSystem.IsLinux())
            Assert.EndsWith("libLibTorchSharp.so", LibTorch.Info.TorchSharpLibrary);
    }
}
