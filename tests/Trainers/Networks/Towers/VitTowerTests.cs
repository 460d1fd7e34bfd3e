using MLNetExt.Columns;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class VitTowerTests
{
    private static readonly VitTowerOptions s_options = new(Height: 8, Width: 12, PatchSize: 4, EmbeddingSize: 10, new TransformerOptions(Width: 16, Layers: 2, Heads: 4));

    [TestMethod]
    public void It_keeps_to_what_every_tower_keeps_to()
    {
        using var scope = NewDisposeScope();
        VitTowerOptions options = s_options with { Transformer = s_options.Transformer with { Dropout = 0.1 } };
        Tower Create(Generator generator) => new VitTower(options, Scaler(), generator);
        using var generator = new Generator(1);
        using Tower tower = Create(generator);
        ImageRows images = ImageBatch.Random(256, 8, 12, generator);
        TensorBatch present = ImageBatch.Of(images, 0, 3);
        TowerAssert.Counts(tower, options.WeightCount);
        TowerAssert.SeedDecides(Create, present, ImageBatch.Column);
        TowerAssert.GradientReachesEveryWeight(tower, present, ImageBatch.Column);
        TowerAssert.LeavesNothingBehind(tower, present, ImageBatch.Column);
        TowerAssert.BlocksDoNotMatter(tower, ImageBatch.Column, 256, (start, count) => ImageBatch.Of(images, start, count));
    }

    [TestMethod]
    public void A_missing_image_is_NaN_and_the_others_are_not()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VitTower(s_options, Scaler(), generator);
        ImageRows images = ImageBatch.Random(10, 8, 12, generator);
        Tensor embeddings = tower.Forward(ImageBatch.Of(images), ImageBatch.Column);
        CollectionAssert.AreEqual(new long[] { 10, 10 }, embeddings.shape);
        Assert.IsTrue(embeddings.isfinite().Equals(images.IsPresent.unsqueeze(1).expand(10, 10)));
    }

    [TestMethod]
    public void Patches_are_squares_of_neighbouring_pixels()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VitTower(s_options, new ImageScaler(zeros(3), ones(3)), generator);
        using var noGradients = no_grad();
        Dictionary<string, Tensor> weights = tower.state_dict();
        // The projection of the patches as a convolution, as the paper's reference code has it.
        Tensor kernel = weights["patches.weight"].t().reshape(16, 3, 4, 4);
        Tensor pixels = ImageBatch.Random(2, 8, 12, generator).Pixels, scaled = pixels.to(ScalarType.Float32) / 255;
        Tensor embedded = nn.functional.conv2d(scaled, kernel, weights["patches.bias"], strides: [4, 4]).flatten(2).transpose(1, 2) + weights["positions"];
        using var stack = new TransformerStack(s_options.Transformer, generator);
        foreach ((string name, Tensor weight) in stack.state_dict())
            weight.copy_(weights["transformer." + name]);
        Tensor pooled = nn.functional.layer_norm(stack.Forward(embedded).mean([1]), [16], weights["norm.weight"], weights["norm.bias"]);
        Tensor expected = pooled.matmul(weights["head.weight"]) + weights["head.bias"];

        Tensor actual = tower.Forward(ImageBatch.Of(new ImageRows(pixels, ones(2, dtype: ScalarType.Bool))), ImageBatch.Column);

        Assert.IsTrue(expected.allclose(actual, 1e-4, 1e-5));
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        void Fails(VitTowerOptions options, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new VitTower(options, Scaler(), generator)).Message, message);

        Fails(s_options with { PatchSize = 3 }, "PatchSize is 3 and the images are 12 x 8 pixels");
        Fails(s_options with { PatchSize = 0 }, "PatchSize is 0");
        Fails(s_options with { Height = 0 }, "Height is 0");
        Fails(s_options with { EmbeddingSize = 0 }, "EmbeddingSize is 0");
        Fails(s_options with { Transformer = s_options.Transformer with { Heads = 3 } }, "Heads is 3");
        using var tower = new VitTower(s_options, Scaler(), generator);
        TensorBatch other = ImageBatch.Of(ImageBatch.Random(2, 8, 8, generator));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => tower.Forward(other, ImageBatch.Column)).Message,
            "Column 'Image' holds images of 8 x 8 pixels, but the tower was made for 12 x 8");
    }

    private static ImageScaler Scaler() => new(tensor(new[] { 0.5f, 0.4f, 0.3f }), tensor(new[] { 0.2f, 0.3f, 0.4f }));
}
