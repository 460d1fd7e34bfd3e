using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class ImageScalerTests
{
    [TestMethod]
    public void Fixed_scale_maps_bytes_to_minus_one_and_one()
    {
        using var scope = NewDisposeScope();
        using var scaler = ImageScaler.Fixed();
        Tensor scaled = scaler.forward(tensor(new byte[] { 0, 255, 51 }).reshape(1, 3, 1, 1));
        float[] values = [.. scaled.data<float>()];
        Assert.AreEqual(-1, values[0], 1e-6);
        Assert.AreEqual(1, values[1], 1e-6);
        Assert.AreEqual(-0.6, values[2], 1e-6);
    }

    [TestMethod]
    public void The_scaler_brings_channels_to_mean_zero_and_deviation_one_and_is_saved()
    {
        using var scope = NewDisposeScope();
        using var scaler = new ImageScaler(tensor(new[] { 0f, 0.5f, 0.2f }), tensor(new[] { 1f, 0.5f, 0.1f }));
        float[] scaled = [.. scaler.forward(tensor(new byte[] { 255, 255, 51 }).view(1, 3, 1, 1)).data<float>()];
        Assert.AreEqual(1f, scaled[0], 1e-6f);
        Assert.AreEqual(1f, scaled[1], 1e-6f);
        Assert.AreEqual(0f, scaled[2], 1e-6f);
        CollectionAssert.AreEquivalent(new[] { "mean", "std" }, scaler.state_dict().Keys.ToArray());
        Assert.IsEmpty(scaler.parameters());
    }
}
