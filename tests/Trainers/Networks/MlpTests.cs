using MLNetExt.Classification;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class MlpTests
{
    [TestMethod]
    [DataRow(new int[0])]
    [DataRow(new[] { 7 })]
    [DataRow(new[] { 7, 5 })]
    public void Sparse_rows_give_the_outputs_and_gradients_of_dense_rows(int[] hidden)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var mlp = new Mlp(new MlpOptions(6, hidden, 3, Activation.Gelu, BatchNormalization: hidden.Length > 0), generator);
        Spread(mlp, generator);
        var (dense, sparse) = SparseBatch.Create();

        (float[] Outputs, float[] Gradients) Run(Func<Tensor> forward)
        {
            mlp.zero_grad();
            using Tensor outputs = forward();
            outputs.square().sum().backward();
            return ([.. outputs.data<float>()], [.. mlp.parameters().SelectMany(p => p.grad!.data<float>().ToArray())]);
        }

        var expected = Run(() => mlp.forward(dense));
        var actual = Run(() => mlp.Forward(sparse));
        Same(expected.Outputs, actual.Outputs, "output");
        Same(expected.Gradients, actual.Gradients, "gradient");
    }

    [TestMethod]
    [DataRow(4, new int[0], 3, 15)]
    [DataRow(4, new[] { 5 }, 3, 43)]
    [DataRow(16, new[] { 256, 256, 256 }, 26, 142_618)]
    public void Shapes_know_the_number_of_weights(int inputs, int[] hidden, int outputs, long expected)
    {
        using var generator = new Generator(1);
        using var mlp = new Mlp(new MlpOptions(inputs, hidden, outputs), generator);
        var shape = new ClassifierShape("Features", inputs, false, outputs, hidden, Activation.Relu, false, 0, null, 1);
        Assert.AreEqual(expected, shape.PerceptronWeights);
        Assert.AreEqual(expected, mlp.parameters().Sum(p => p.numel()));
    }

    [TestMethod]
    public void The_seed_decides_the_initial_weights_and_a_linear_network_starts_at_zero()
    {
        float[] Weights(ulong seed, params int[] hidden)
        {
            using var generator = new Generator(seed);
            using var mlp = new Mlp(new MlpOptions(4, hidden, 3), generator);
            return [.. mlp.parameters().SelectMany(p => p.data<float>().ToArray())];
        }

        CollectionAssert.AreEqual(Weights(1, 5), Weights(1, 5));
        CollectionAssert.AreNotEqual(Weights(1, 5), Weights(2, 5));
        Assert.IsTrue(Weights(1).All(w => w == 0));
    }

    [TestMethod]
    [DataRow(Activation.Relu)]
    [DataRow(Activation.Tanh)]
    public void Hidden_layers_keep_the_size_of_the_signal(Activation activation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var mlp = new Mlp(new MlpOptions(100, [300, 300, 300], 200, activation), generator);
        Tensor outputs = mlp.forward(randn([500, 100], generator: generator));
        // The output layer has gain 1, so its outputs show the root mean square of the last hidden layer.
        Assert.IsInRange(0.3, 1.5, outputs.std().item<float>());
    }

    [TestMethod]
    public void One_row_trains_with_batch_normalisation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var mlp = new Mlp(new MlpOptions(4, [5], 3, BatchNormalization: true), generator);
        mlp.train();
        Tensor single = mlp.forward(ones(1, 4));
        single.sum().backward();
        Assert.IsTrue(single.isfinite().all().item<bool>());
        mlp.eval();
        Assert.IsTrue(single.allclose(mlp.forward(ones(1, 4))), "a single row is normalised as in scoring");
    }

    /// <summary>Gives every weight a value, also those that start at 0.</summary>
    private static void Spread(Mlp mlp, Generator generator)
    {
        using var noGradients = no_grad();
        foreach (var parameter in mlp.parameters())
            parameter.normal_(0, 0.5, generator);
    }

    private static void Same(float[] expected, float[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])), $"{what} {i}");
    }
}
