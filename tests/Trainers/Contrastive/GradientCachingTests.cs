using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Contrastive;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Contrastive;

/// <summary>A batch in micro-batches has the gradient of the whole batch.</summary>
[TestClass]
public sealed class GradientCachingTests
{
    private const int Rows = 37;
    private const string FirstWeight = "left.body.input.weight";

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(16)]
    [DataRow(36)]
    [DataRow(64)]
    public void Micro_batches_give_the_gradient_of_the_whole_batch(int microBatchSize) =>
        AreEqual(Gradients(microBatchSize: 0, dropout: 0), Gradients(microBatchSize, dropout: 0));

    [TestMethod]
    public void Hard_negatives_are_those_of_the_whole_batch() => AreEqual(
        Gradients(microBatchSize: 0, dropout: 0, negatives: NegativeKind.Hard), Gradients(microBatchSize: 7, dropout: 0, negatives: NegativeKind.Hard));

    [TestMethod]
    public void With_dropout_the_gradient_is_that_of_the_loss_that_is_reported()
    {
        const double Epsilon = 1e-3;
        double expected = (DroppedLoss(Epsilon) - DroppedLoss(-Epsilon)) / (2 * Epsilon);
        double actual = Gradients(microBatchSize: 10, dropout: 0.5)[FirstWeight].Sum();
        Assert.AreEqual(expected, actual, 0.01 * Math.Abs(expected));
    }

    [TestMethod]
    public void The_generator_ends_behind_what_was_drawn_last()
    {
        // Random negatives are drawn between the two passes: the next batch must not draw the same ones again.
        byte[] withNegatives = GradientsAndState(microBatchSize: 10, dropout: 0.5, NegativeKind.Random).State;
        byte[] without = GradientsAndState(microBatchSize: 10, dropout: 0.5, NegativeKind.All).State;
        CollectionAssert.AreNotEqual(without, withNegatives);
    }

    [TestMethod]
    public void A_step_leaves_no_tensor_behind()
    {
        long before = -1;
        for (int i = 0; i < 5; i++)
        {
            Gradients(microBatchSize: 8, dropout: 0.2);
            long now = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.IsTrue(before < 0 || before == now, $"{now} live tensors after {before}");
            before = now;
        }
    }

    private static Dictionary<string, float[]> Gradients(int microBatchSize, double dropout, NegativeKind negatives = NegativeKind.All) =>
        GradientsAndState(microBatchSize, dropout, negatives).Gradients;

    private static (Dictionary<string, float[]> Gradients, byte[] State) GradientsAndState(int microBatchSize, double dropout, NegativeKind negatives = NegativeKind.All)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        using ContrastiveNetwork network = Network(dropout, generator);
        ContrastiveStep step = Step(network, microBatchSize, generator, negatives);
        step.Accumulate(Batch());
        Dictionary<string, float[]> gradients = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
        return (gradients, generator.get_state().bytes.ToArray());
    }

    private static ContrastiveStep Step(ContrastiveNetwork network, int microBatchSize, Generator generator, NegativeKind negatives)
    {
        SigmoidContrastiveOptions options = new() { EmbeddingSize = 5, Matching = PairMatching.OwnRow };
        IDataView data = new MLContext(1).Data.LoadFromEnumerable(PairRow.Many(2));
        var pairs = new ContrastivePairs(
            TrainingSide.Of("Left", "Left", options.Left, options, data.Schema), TrainingSide.Of("Right", "Right", options.Right, options, data.Schema), Match: null);
        var objective = new SigmoidContrastive(new NegativeSelection(negatives, 2), generator);
        return new ContrastiveStep(network, pairs, objective, generator, () => { }) { MicroBatchSize = microBatchSize };
    }

    private static ContrastiveNetwork Network(double dropout, Generator generator)
    {
        Tower Side(int width) => new VectorTower(new VectorTowerOptions(width, [12], 5, Dropout: dropout), FeatureScaler.Identity(width), generator);
        var network = new ContrastiveNetwork(Side(PairRow.LeftWidth), Side(PairRow.RightWidth), temperature: 10, bias: -2, learnBias: true);
        network.train();
        return network;
    }

    private static TensorBatch Batch()
    {
        PairRow[] rows = PairRow.Many(Rows);
        return new TensorBatch(Rows, new Dictionary<string, Tensor>
        {
            ["Left"] = tensor([.. rows.SelectMany(r => r.Left)]).view(Rows, PairRow.LeftWidth),
            ["Right"] = tensor([.. rows.SelectMany(r => r.Right)]).view(Rows, PairRow.RightWidth),
        });
    }

    private static void AreEqual(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach ((string name, float[] values) in expected)
        {
            double scale = Math.Max(1, values.Max(Math.Abs));
            for (int i = 0; i < values.Length; i++)
                Assert.AreEqual(values[i], actual[name][i], 1e-5 * scale, $"{name}[{i}]");
        }
    }

    /// <summary>The loss of a step in micro-batches after all of the first weights were moved by <paramref name="shift"/>.</summary>
    private static double DroppedLoss(double shift)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        using ContrastiveNetwork network = Network(dropout: 0.5, generator);
        using (no_grad())
            network.named_parameters().Single(p => p.name == FirstWeight).parameter.add_(shift);
        return Step(network, microBatchSize: 10, generator, NegativeKind.All).Accumulate(Batch()).LossSum.item<float>();
    }
}
