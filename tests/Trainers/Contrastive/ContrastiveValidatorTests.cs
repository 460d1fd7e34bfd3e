using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Contrastive;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Contrastive;

[TestClass]
public sealed class ContrastiveValidatorTests
{
    private const int Rows = 60, BatchSize = 16, Batches = 4, Directions = 2;

    [TestMethod]
    public void Cancellation_is_looked_at_before_each_batch_and_each_block_of_the_retrieval()
    {
        int looks = 0;
        Validate(() => looks++, CancellationToken.None);
        Assert.AreEqual(Batches + Directions, looks);

        using var cancellation = new CancellationTokenSource();
        looks = 0;
        Assert.ThrowsExactly<OperationCanceledException>(() => Validate(CancelInTheSecondDirection, cancellation.Token));
        Assert.AreEqual(Batches + Directions, looks);

        void CancelInTheSecondDirection()
        {
            if (++looks == Batches + Directions)
                cancellation.Cancel();
        }
    }

    private static void Validate(Action beforeBatch, CancellationToken cancellationToken)
    {
        IDataView data = Pairs.Data(new MLContext(seed: 1), Rows);
        SigmoidContrastiveOptions options = Pairs.Options();
        TrainingSide left = TrainingSide.Of("Left", "Left", options.Left, options, data.Schema), right = TrainingSide.Of("Right", "Right", options.Right, options, data.Schema);
        var pairs = new ContrastivePairs(left, right, Match: null);
        using var generator = new Generator(1);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = new ContrastiveNetwork(
            TowerFactory.Create(left.Shape, scaler: null, generator), TowerFactory.Create(right.Shape, scaler: null, generator), options.InitialTemperature, options.InitialBias, true);
        using BatchSource rows = BatchSource.Open(data, pairs.Columns, new BatchSourceOptions { BatchSize = BatchSize, Shuffle = false }, null, cancellationToken);
        var validator = new ContrastiveValidator(network, pairs, new SigmoidContrastive(), rows, generator, CPU, beforeBatch);
        IReadOnlyList<ValidationMetric> metrics = validator.Validate(cancellationToken);
        CollectionAssert.AreEqual(new[] { "Loss", "RecallAt1" }, metrics.Select(m => m.Name).ToArray());
    }
}
