using MLNetExt.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Kernels;

[TestClass]
public sealed class ChunkedHeadTests
{
    [TestMethod]
    public void LogitsOfAllTokens_AreNeverThereAtOnce()
    {
        using var scope = NewDisposeScope();
        const int tokens = 2000, vocabulary = 32_000;
        int blockRows = ChunkedHead.BlockRows(vocabulary);
        Assert.IsInRange(256, 600, blockRows);
        var rows = new Recorder();
        double sum = ChunkedHead.Evaluate(zeros(tokens, 1), zeros(vocabulary, 1), blockRows, rows);
        Assert.AreEqual(tokens, sum);
        Assert.AreEqual(blockRows, rows.Blocks.Max(block => block.Count));
        // Every row once and in order, in the same memory.
        CollectionAssert.AreEqual(
            rows.Blocks.Select(block => block.Start + block.Count).Prepend(0).SkipLast(1).ToArray(), rows.Blocks.Select(block => block.Start).ToArray());
        Assert.AreEqual(1, rows.Addresses.Count);
    }

    [TestMethod]
    [DataRow(1, 16 << 20)]
    [DataRow(100_000_000, 256)]
    public void BlocksOfAnyVocabulary_HaveEnoughRows(long vocabulary, int rows) => Assert.AreEqual(rows, ChunkedHead.BlockRows(vocabulary));

    [TestMethod]
    public void RowKernel_LeavesTheGradientInTheLogitsPlace()
    {
        using var scope = NewDisposeScope();
        var hidden = randn(7, 3, dtype: ScalarType.Float64).requires_grad_();
        var head = randn(5, 3, dtype: ScalarType.Float64).requires_grad_();
        var gradients = autograd.grad([ChunkedHead.Sum(hidden, head, 2, new HalfSquares())], [hidden, head]);
        var logits = hidden.mm(head.t());
        var expected = autograd.grad([logits.square().sum() / 2], [hidden, head]);
        for (int i = 0; i < 2; i++)
            Assert.IsTrue(expected[i].allclose(gradients[i], 1e-12, 1e-12));
    }

    private sealed class Recorder : IHeadRows
    {
        public List<(long Start, long Count)> Blocks { get; } = [];

        public HashSet<nint> Addresses { get; } = [];

        public unsafe double Run(Tensor logits, long start, bool wantsGradient)
        {
            Assert.IsFalse(wantsGradient);
            Blocks.Add((start, logits.shape[0]));
            Addresses.Add((nint)TensorMemory.Address<float>(logits));
            return logits.shape[0];
        }
    }

    /// <summary>Another loss than the one that is built in.</summary>
    private sealed class HalfSquares : IHeadRows
    {
        public double Run(Tensor logits, long start, bool wantsGradient) => logits.square().sum().ToDouble() / 2;
    }
}
