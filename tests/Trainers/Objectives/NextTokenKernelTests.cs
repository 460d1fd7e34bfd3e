using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The chunked head, fused and by torch operations, against all logits at once.</summary>
[TestClass]
public sealed class NextTokenKernelTests
{
    // Vocabularies of one token, below, at and beside multiples of the vector width, and beyond a thread's share of rows.
    private static readonly (int Rows, int Dimensions, int Vocabulary)[] s_shapes =
        [(1, 1, 1), (5, 3, 1), (1, 4, 2), (8, 2, 3), (9, 3, 7), (10, 3, 8), (13, 5, 17), (21, 4, 31), (40, 6, 1003), (50, 8, 4099)];

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void EveryBlockSize_EqualsAllLogitsAtOnce(bool fused, ScalarType dtype, double tolerance)
    {
        for (int i = 0; i < s_shapes.Length; i++)
        {
            using var scope = NewDisposeScope();
            var (rows, dimensions, vocabulary) = s_shapes[i];
            foreach (var (name, batch) in NextTokenBatch.Random(rows, dimensions, vocabulary, dtype, seed: i).WithEveryKindOfWeights())
            {
                var expected = batch.InDouble().Oracle();
                foreach (int? blockRows in new int?[] { 1, 7, rows, null })
                {
                    var run = NextTokenRun.Of(new() { UseFusedKernel = fused, BlockRows = blockRows }, batch);
                    expected.AssertClose(run, tolerance, $"{name} {s_shapes[i]}, blocks of {blockRows}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Gradients_EqualFiniteDifferences(bool fused)
    {
        using var scope = NewDisposeScope();
        var objective = new NextTokenCrossEntropy { UseFusedKernel = fused, BlockRows = 2 };
        var batch = NextTokenBatch.Random(6, 3, 5, seed: 4);
        var run = NextTokenRun.Of(objective, batch);
        const double h = 1e-6;
        double Slope(Func<double, NextTokenBatch> shifted) => (NextTokenRun.Of(objective, shifted(h)).Sum - NextTokenRun.Of(objective, shifted(-h)).Sum) / (2 * h);
        Tensor Direction(int i, Tensor like) => zeros(like.numel(), dtype: ScalarType.Float64).index_fill(0, tensor([(long)i]), 1).view(like.shape);
        for (int i = 0; i < run.Hidden.Length; i++)
            Assert.That.AreClose(Slope(by => batch with { Hidden = batch.Hidden + by * Direction(i, batch.Hidden) }), run.Hidden[i], 1e-7, $"hidden {i}");
        for (int i = 0; i < run.Head.Length; i++)
            Assert.That.AreClose(Slope(by => batch with { Head = batch.Head + by * Direction(i, batch.Head) }), run.Head[i], 1e-7, $"head {i}");
    }

    [TestMethod]
    public void SumsDoNotDependOnThreads()
    {
        using var scope = NewDisposeScope();
        // Small integers: the matrix products are exact whatever their order.
        var generator = new Generator(3);
        Tensor Exact(int rows) => randint(-2, 3, [rows, 4], dtype: ScalarType.Float32, generator: generator);
        var batch = NextTokenBatch.Random(70, 4, 1001) with { Hidden = Exact(70), Head = Exact(1001) };
        var one = NextTokenRun.Of(new(), batch);
        try
        {
            set_num_threads(2);
            var two = NextTokenRun.Of(new(), batch);
            Assert.AreEqual(one.Sum, two.Sum);
            Assert.AreEqual(one.DroppedLoss, two.DroppedLoss);
            CollectionAssert.AreEqual(one.LogProbabilities, two.LogProbabilities);
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void LargeLogits_StayFinite(bool fused)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var batch = NextTokenBatch.Random(12, 3, 19, dtype);
            batch = batch with { Hidden = batch.Hidden * 1e4 };
            var run = NextTokenRun.Of(new() { UseFusedKernel = fused, BlockRows = 5 }, batch);
            batch.Oracle().AssertClose(run, dtype == ScalarType.Float32 ? 1e-5 : 1e-12, $"{dtype}");
        }
    }
}
