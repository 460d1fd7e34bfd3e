using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class VectorTowerTests
{
    private const string Column = "Features";

    [TestMethod]
    public void The_identity_gives_the_scaled_vectors_and_has_no_weights()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VectorTower(new VectorTowerOptions(2, null, 2), new FeatureScaler(tensor(new[] { 1f, 0 }), tensor(new[] { 2f, 3 })), generator);
        CollectionAssert.AreEqual(new[] { 4f, 12, 0, 0 }, tower.Forward(Dense(tensor(new[,] { { 3f, 4 }, { 1, 0 } })), Column).data<float>().ToArray());
        TowerAssert.Counts(tower, 0);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(new int[0])]
    [DataRow(new[] { 7 })]
    [DataRow(new[] { 7, 5 })]
    public void Sparse_rows_give_the_embeddings_of_dense_rows(int[]? hidden)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VectorTower(new VectorTowerOptions(6, hidden, hidden is null ? 6 : 4), FeatureScaler.Identity(6), generator);
        var (dense, sparse) = SparseBatch.Create();
        Tensor expected = tower.Forward(Dense(dense), Column), actual = tower.Forward(Sparse(sparse), Column);
        CollectionAssert.AreEqual(new long[] { 3, hidden is null ? 6 : 4 }, actual.shape);
        Assert.IsTrue(expected.allclose(actual, 1e-5, 1e-6));
        Assert.IsGreaterThan(0.01, expected[0].norm().ToDouble(), "a tower starts with embeddings that have a direction");
    }

    [TestMethod]
    [DataRow(float.NaN, false)]
    [DataRow(float.PositiveInfinity, false)]
    [DataRow(float.NegativeInfinity, true)]
    [DataRow(float.NaN, true)]
    public void A_row_that_is_not_finite_is_NaN_and_the_others_are_not(float value, bool sparse)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VectorTower(new VectorTowerOptions(6, [5], 4, Activation.Tanh), FeatureScaler.Identity(6), generator);
        var (dense, rows) = SparseBatch.Create();
        using var noGradients = no_grad();
        Tensor before = tower.Forward(Dense(dense), Column).clone();
        dense[2, 0] = tensor(value);
        rows.Values[2] = tensor(value);
        Tensor after = tower.Forward(sparse ? Sparse(rows) : Dense(dense), Column);
        Assert.IsTrue(before.narrow(0, 0, 2).allclose(after.narrow(0, 0, 2), 1e-5, 1e-6));
        Assert.IsTrue(after[2].isnan().all().ToBoolean());
    }

    [TestMethod]
    [DataRow(new int[0])]
    [DataRow(new[] { 7, 5 })]
    public void It_keeps_to_what_every_tower_keeps_to(int[] hidden)
    {
        using var scope = NewDisposeScope();
        var options = new VectorTowerOptions(6, hidden, 4, Dropout: hidden.Length == 0 ? 0 : 0.2);
        Tower Create(Generator generator) => new VectorTower(options, FeatureScaler.Identity(6), generator);
        using var generator = new Generator(1);
        using Tower tower = Create(generator);
        Tensor rows = randn([256, 6], generator: generator);
        TowerAssert.Counts(tower, options.WeightCount);
        TowerAssert.SeedDecides(Create, Dense(rows), Column);
        TowerAssert.GradientReachesEveryWeight(tower, Dense(rows), Column);
        TowerAssert.LeavesNothingBehind(tower, Dense(rows.narrow(0, 0, 4)), Column);
        TowerAssert.BlocksDoNotMatter(tower, Column, 256, (start, count) => Dense(rows.narrow(0, start, count)));
    }

    [TestMethod]
    public void A_users_network_gets_dense_rows()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new VectorTower(new LinearFactory(), 6, 4, FeatureScaler.Identity(6), generator);
        var (dense, sparse) = SparseBatch.Create();
        Assert.IsTrue(tower.Forward(Dense(dense), Column).allclose(tower.Forward(Sparse(sparse), Column), 1e-5, 1e-6));
        TowerAssert.SeedDecides(g => new VectorTower(new LinearFactory(), 6, 4, FeatureScaler.Identity(6), g), Dense(dense), Column);
        TowerAssert.GradientReachesEveryWeight(tower, Dense(dense), Column);
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var generator = new Generator(1);
        void Fails(VectorTowerOptions options, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new VectorTower(options, FeatureScaler.Identity(1), generator)).Message, message);

        Fails(new VectorTowerOptions(6, null, 4), "an identity tower keeps the length");
        Fails(new VectorTowerOptions(0, [], 4), "InputSize is 0");
        Fails(new VectorTowerOptions(6, [], 0), "EmbeddingSize is 0");
        Fails(new VectorTowerOptions(6, [5, 0], 4), "HiddenSizes is [5, 0]");
        Fails(new VectorTowerOptions(6, [5], 4, Dropout: 1), "Dropout is 1");
    }

    private static TensorBatch Dense(Tensor rows) => new((int)rows.shape[0], new Dictionary<string, Tensor> { [Column] = rows });

    private static TensorBatch Sparse(SparseRows rows) => new(
        (int)rows.Offsets.shape[0], new Dictionary<string, Tensor>(), new Dictionary<string, SparseRows> { [Column] = rows });

    private sealed class LinearFactory : INetworkFactory
    {
        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) =>
            nn.Sequential(nn.Linear(inputSize, outputSize), nn.LayerNorm(outputSize));
    }
}
