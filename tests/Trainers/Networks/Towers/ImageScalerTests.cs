using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
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
    public void Measured_scale_gives_each_channel_mean_0_and_deviation_1_over_the_images_there_are()
    {
        using var scope = NewDisposeScope();
        TensorBatch[] batches = [RandomImages.Batch(20, 6, 5, seed: 1, missing: [0, 7]), RandomImages.Batch(9, 6, 5, seed: 2)];
        batches[1].Images("Image").Pixels.narrow(1, 2, 1).floor_divide_(4);
        using var scaler = ImageScaler.Measure(batches, "Image");
        Tensor present = cat([.. batches.Select(b => b.Images("Image").Pixels[b.Images("Image").IsPresent])]);
        Tensor scaled = scaler.forward(present).to_type(ScalarType.Float64);
        for (int channel = 0; channel < 3; channel++)
        {
            Tensor values = scaled.select(1, channel);
            Assert.AreEqual(0, values.mean().ToDouble(), 1e-5);
            Assert.AreEqual(1, values.square().mean().sqrt().ToDouble(), 1e-5);
        }
    }

    [TestMethod]
    public void A_channel_that_never_changes_is_only_shifted_and_no_image_gives_the_fixed_scale()
    {
        using var scope = NewDisposeScope();
        using var constant = ImageScaler.Measure([RandomImages.Of(full([2, 3, 4, 4], 9, dtype: ScalarType.Byte))], "Image");
        Assert.AreEqual(1, constant.forward(full([1, 3, 1, 1], 10, dtype: ScalarType.Byte)).max().ToDouble(), 1e-6);
        using var empty = ImageScaler.Measure([RandomImages.Batch(1, 4, 4, seed: 1, missing: [0])], "Image");
        Assert.AreEqual(1, empty.forward(full([1, 3, 1, 1], 255, dtype: ScalarType.Byte)).max().ToDouble(), 1e-6);
    }
}
