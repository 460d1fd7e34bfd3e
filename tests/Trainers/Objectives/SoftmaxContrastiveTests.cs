using MLNetExt.Kernels;
using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class SoftmaxContrastiveTests
{
    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-12)]
    [DataRow(ScalarType.Float32, 1e-5)]
    public void LossAndGradients_EqualAutogradOverAllPairs(ScalarType dtype, double tolerance)
    {
        int seed = 0;
        foreach (var (rows, columns) in new[] { (1, 1), (2, 2), (3, 8), (17, 17), (40, 23), (128, 128) })
        {
            using var scope = NewDisposeScope();
            foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(rows, columns, dtype, seed++))
                ContrastiveRun.Of(new Plain(), batch).AssertClose(ContrastiveRun.Of(new SoftmaxContrastive(), batch), tolerance, $"{name} {rows}x{columns}");
        }
    }

    [TestMethod]
    public void EveryChunkSize_GivesTheSame()
    {
        using var scope = NewDisposeScope();
        const int n = 19;
        foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(n, n))
        {
            var full = ContrastiveRun.Of(new Plain(), batch);
            for (int chunkRows = 1; chunkRows <= n + 1; chunkRows++)
                full.AssertClose(ContrastiveRun.Of(new SoftmaxContrastive { ChunkRows = chunkRows }, batch), 1e-12, $"{name}, chunks of {chunkRows}");
        }
    }

    [TestMethod]
    public void Diagonal_EqualsTorchCrossEntropyBothWays()
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(12, 12, 4);
        var logits = batch.Left.mm(batch.Right.t()) * batch.LogScale.exp();
        var targets = arange(12);
        double expected = (nn.functional.cross_entropy(logits, targets) + nn.functional.cross_entropy(logits.t(), targets)).ToDouble() / 2;
        var run = ContrastiveRun.Of(new SoftmaxContrastive(), batch);
        Assert.That.AreClose(expected, run.Sum / run.Weight, 1e-13, "loss");
    }

    [TestMethod]
    public void RowsWithoutPositives_AddNothing()
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(6, 6, 3) with { Labels = PairLabels.OfMatrix(zeros(6, 6, dtype: ScalarType.Bool)) };
        var run = ContrastiveRun.Of(new SoftmaxContrastive(), batch);
        Assert.AreEqual(0, run.Sum);
        Assert.AreEqual(6, run.Weight);
        CollectionAssert.AreEqual(new double[18], run.Left);
    }

    /// <summary>The definition, on the matrix of all pairs.</summary>
    private sealed class Plain : IContrastiveObjective
    {
        public ObjectiveSum Sum(Tensor left, Tensor right, Tensor logScale, Tensor bias, PairLabels? pairs = null)
        {
            var batch = new ContrastiveBatch(left, right, logScale, bias);
            var table = PairLabels.Table(pairs, batch);
            var positive = table.Positives(0, batch.RowCount, CPU);
            var logits = left.mm(right.t()) * logScale.exp();
            if (table.Counted(0, batch.RowCount) is { } counted)
            {
                positive &= counted;
                // Not minus infinity: a row of nothing else would give NaN gradients.
                logits = logits.masked_fill(~counted, -1e30);
            }

            Tensor Direction(long dimension)
            {
                var logs = logits.log_softmax(dimension).masked_fill(~positive, 0);
                return -(logs.sum(dimension) / positive.sum(dimension).clamp(1)).sum();
            }

            return new((Direction(0) + Direction(1)) / 2 + 0 * bias, batch.RowCount);
        }
    }
}
