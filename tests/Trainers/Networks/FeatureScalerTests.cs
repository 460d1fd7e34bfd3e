using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class FeatureScalerTests
{
    [TestMethod]
    public void Dense_rows_are_shifted_and_scaled_and_stay_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var scaler = new FeatureScaler(tensor(new[] { 1f, -2 }), tensor(new[] { 10f, 0.5f }));
        Tensor rows = tensor(new[,] { { 3f, 4 }, { 1, -2 } });
        CollectionAssert.AreEqual(new[] { 20f, 3, 0, 0 }, scaler.forward(rows).data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 3f, 4, 1, -2 }, rows.data<float>().ToArray());
    }

    [TestMethod]
    public void Sparse_rows_are_scaled_in_the_slots_that_they_list()
    {
        using var scope = NewDisposeScope();
        using var scaler = new FeatureScaler(zeros(6), tensor(new[] { 1f, 2, 3, 4, 5, 6 }));
        var (dense, sparse) = SparseBatch.Create();
        Assert.IsTrue(scaler.forward(dense).Equals(scaler.Forward(sparse).ToDense()));
    }

    [TestMethod]
    public void It_is_saved_and_not_trained()
    {
        using var scaler = FeatureScaler.Identity(3);
        CollectionAssert.AreEquivalent(new[] { "shift", "scale" }, scaler.state_dict().Keys.ToArray());
        Assert.IsEmpty(scaler.parameters());
    }
}
