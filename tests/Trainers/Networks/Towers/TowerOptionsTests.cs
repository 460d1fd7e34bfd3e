using System.Text.Json;
using MLNetExt.Networks;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class TowerOptionsTests
{
    private static readonly TransformerOptions s_blocks = new(16, 2, 4, 24, true, NormPlacement.Post, 10_000, 0.1, Activation.Silu);

    [TestMethod]
    public void Options_come_back_from_JSON_as_they_were()
    {
        Assert.AreEqual(s_blocks, Back(s_blocks));
        Assert.AreEqual(new TextTowerOptions(50, 12, 10, s_blocks, Pooling.Last), Back(new TextTowerOptions(50, 12, 10, s_blocks, Pooling.Last)));
        Assert.AreEqual(new VitTowerOptions(8, 12, 4, 10, s_blocks), Back(new VitTowerOptions(8, 12, 4, 10, s_blocks)));

        var vector = Back(new VectorTowerOptions(6, [7, 5], 4, Activation.Tanh, 0.2));
        CollectionAssert.AreEqual(new[] { 7, 5 }, vector.HiddenSizes!.ToArray());
        Assert.AreEqual(new VectorTowerOptions(6, vector.HiddenSizes, 4, Activation.Tanh, 0.2), vector);
        Assert.IsNull(Back(new VectorTowerOptions(6, null, 6)).HiddenSizes);

        var bag = Back(new HashingBagTowerOptions(12, 16, 8, [9], Activation.Relu, 0.3));
        CollectionAssert.AreEqual(new[] { 9 }, bag.HiddenSizes!.ToArray());
        Assert.AreEqual(new HashingBagTowerOptions(12, 16, 8, bag.HiddenSizes, Activation.Relu, 0.3), bag);
    }

    [TestMethod]
    public void Sizes_that_no_memory_holds_are_counted_and_not_wrapped()
    {
        const int Huge = int.MaxValue;
        var blocks = new TransformerOptions(Huge, Huge, 1);
        Int128 width = Huge;
        Assert.IsGreaterThan(12 * width * width * width, blocks.WeightCount);
        Assert.IsGreaterThan(blocks.WeightCount, new TextTowerOptions(Huge, Huge, Huge, blocks).WeightCount);
        Assert.IsGreaterThan(blocks.WeightCount, new VitTowerOptions(Huge, Huge, 1, Huge, blocks).WeightCount);
        Assert.IsGreaterThan(width * width, new VectorTowerOptions(Huge, [Huge], Huge).WeightCount);
        Assert.IsGreaterThan(width * width, new HashingBagTowerOptions(24, Huge, Huge).WeightCount);
    }

    private static T Back<T>(T options) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(options))!;
}
