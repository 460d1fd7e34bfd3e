using MLNetExt.Columns;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class UserTowerTests
{
    [TestMethod]
    public void A_users_network_gets_images_in_0_to_1_and_a_missing_image_is_NaN()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = UserTower.ForImages(new FlattenedImages(), 4, 6, 5, generator);
        ImageRows images = ImageBatch.Random(10, 4, 6, generator);
        Dictionary<string, Tensor> weights = tower.state_dict();
        Tensor expected = nn.functional.linear(images.Pixels.to(ScalarType.Float32).flatten(1) / 255, weights["network.1.weight"], weights["network.1.bias"]);
        Tensor actual = tower.Forward(ImageBatch.Of(images), ImageBatch.Column);
        Assert.IsTrue(actual.isfinite().Equals(images.IsPresent.unsqueeze(1).expand(10, 5)));
        Assert.IsTrue(expected[images.IsPresent].allclose(actual[images.IsPresent], 1e-5, 1e-6));
        TowerAssert.GradientReachesEveryWeight(tower, ImageBatch.Of(images, 0, 3), ImageBatch.Column);
        TowerAssert.SeedDecides(g => UserTower.ForImages(new FlattenedImages(), 4, 6, 5, g), ImageBatch.Of(images, 0, 3), ImageBatch.Column);
    }

    [TestMethod]
    public void A_users_network_gets_token_ids_filled_up_with_0()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = UserTower.ForTokens(new MeanOfTokens(), 20, 5, generator);
        TensorBatch batch = TokenBatch.Of([1, 19], [3], []);
        Tensor table = tower.state_dict()["network.table"];
        Tensor expected = stack([(table[1] + table[19]) / 2, (table[3] + table[0]) / 2, table[0]]);
        Assert.IsTrue(expected.allclose(tower.Forward(batch, TokenBatch.Column), 1e-5, 1e-6));
        TowerAssert.LeavesNothingBehind(tower, batch, TokenBatch.Column);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => tower.Forward(TokenBatch.Of([20]), TokenBatch.Column)).Message, "Column 'Tokens' holds the token id 20");
    }

    [TestMethod]
    public void A_network_of_the_wrong_output_size_is_refused()
    {
        using var generator = new Generator(1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => UserTower.ForTokens(new MeanOfTokens { Extra = 1 }, 20, 5, generator));
        StringAssert.Contains(error.Message, "gives [2, 6] for [2, 3]: it must give [2, 5]");
    }

    private sealed class FlattenedImages : INetworkFactory
    {
        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => nn.Sequential(nn.Flatten(), nn.Linear(inputSize, outputSize));
    }

    private sealed class MeanOfTokens : INetworkFactory
    {
        public int Extra { get; set; }

        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => new Network(inputSize, outputSize + Extra);

        private sealed class Network : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Parameter table;

            public Network(int vocabularySize, int outputSize)
                : base("MeanOfTokens")
            {
                table = nn.Parameter(randn(vocabularySize, outputSize));
                RegisterComponents();
            }

            public override Tensor forward(Tensor ids)
            {
                Assert.AreEqual(ScalarType.Int64, ids.dtype);
                return table.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1).mean([1]);
            }
        }
    }
}
