using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class TorchDeviceTests
{
    // No machine has this many GPUs.
    private const int AbsentGpu = 10_000;

    [TestMethod]
    public void No_id_means_the_CPU() =>
        Assert.AreEqual(CPU, TorchDevice.Choose(new MLContext()));

    [TestMethod]
    [DataRow(AbsentGpu)]
    [DataRow(-1)]
    public void An_absent_GPU_falls_back_with_a_warning_that_names_it(int id)
    {
        var ml = new MLContext { GpuDeviceId = id, FallbackToCpu = true };
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);

        Assert.AreEqual(CPU, TorchDevice.Choose(ml));

        Assert.IsTrue(messages.Any(m => m.Contains($"MLContext.GpuDeviceId is {id}", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Without_fallback_an_absent_GPU_is_an_error_naming_both_settings()
    {
        var ml = new MLContext { GpuDeviceId = AbsentGpu, FallbackToCpu = false };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(ml));
        Assert.Contains(nameof(MLContext.GpuDeviceId), error.Message);
        Assert.Contains(nameof(MLContext.FallbackToCpu), error.Message);
    }

    [TestMethod]
    public void The_environment_of_a_component_has_the_context_s_settings()
    {
        var ml = new MLContext { GpuDeviceId = AbsentGpu, FallbackToCpu = false };
        var host = ((IHostEnvironment)ml).Register("Component");
        Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(host));
    }
}
