using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The kept negatives against brute force over the matrix of all pairs.</summary>
[TestClass]
public sealed class NegativeSelectionTests
{
    [TestMethod]
    [DataRow(NegativeKind.Hard)]
    [DataRow(NegativeKind.Easy)]
    public void HardAndEasy_EqualSortingAllPairs(NegativeKind kind)
    {
        using var scope = NewDisposeScope();
        int seed = 0;
        foreach (var (rows, columns) in new[] { (1, 1), (2, 2), (9, 9), (12, 30), (40, 40) })
        {
            foreach (double ratio in new[] { 0.1, 0.5, 1, 2.5, 8, 1000 })
            {
                foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(rows, columns, seed: seed++))
                {
                    var (labels, expected) = Oracle(batch, kind, ratio);
                    CollectionAssert.AreEqual(expected, Kept(batch, kind, ratio), $"{name} {rows}x{columns} {ratio}");
                    var all = ContrastiveRun.Of(new SigmoidContrastive { UseFusedKernel = false }, batch with { Labels = labels });
                    all.AssertClose(ContrastiveRun.Of(new SigmoidContrastive(new(kind, ratio)), batch), 1e-12, $"{name} {rows}x{columns} {ratio}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(NegativeKind.Hard, 5)]
    [DataRow(NegativeKind.Easy, 5)]
    [DataRow(NegativeKind.Hard, 1)]
    [DataRow(NegativeKind.Easy, 2)]
    public void Ties_GoToTheLowerRowAndColumn(NegativeKind kind, int chunkRows)
    {
        using var scope = NewDisposeScope();
        // All cosines are 1: the first four of the twenty negatives, row by row.
        var batch = new PairBatch(ones(5, 1), ones(5, 1), tensor(0f), tensor(0f));
        var objective = new SigmoidContrastive(new(kind, 0.8)) { ChunkRows = chunkRows };
        double[] negatives = [.. Gradients(objective, batch).Select((g, i) => (g, i)).Where(p => p.g > 0).Select(p => (double)p.i)];
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4 }, negatives);
    }

    [TestMethod]
    public void NumberKept_IsTheRoundedShareOfTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(5, 5, 3);
        foreach (var (ratio, count) in new[] { (0.05, 0), (0.1, 1), (0.5, 3), (1, 5), (3.9, 20), (4, 20), (100, 20) })
        {
            foreach (var kind in new[] { NegativeKind.Random, NegativeKind.Hard, NegativeKind.Easy })
                Assert.HasCount(count, Kept(batch, kind, ratio), $"{kind} {ratio}");
        }
    }

    [TestMethod]
    public void RandomSelection_FollowsFromTheStateOfTheGenerator()
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(30, 30, 3);
        var generator = new Generator(4);
        long[] Draw() => KeptBy(new SigmoidContrastive(new(NegativeKind.Random, 2), generator), batch);
        var state = generator.get_state();
        long[] first = Draw(), second = Draw();
        CollectionAssert.AreNotEqual(first, second);
        generator.set_state(state);
        CollectionAssert.AreEqual(first, Draw());
        CollectionAssert.AreEqual(second, Draw());
    }

    [TestMethod]
    public void RandomSelection_IsUniformOverTheNegatives()
    {
        using var scope = NewDisposeScope();
        const int draws = 4000, n = 4;
        var labels = PairLabels.OfGroups(tensor([1L, 2, 2, 3]), tensor([1L, 2, 5, 3]), rand(n, n, generator: new Generator(1)) < 0.9);
        var batch = PairBatch.Random(n, n, 3) with { Labels = labels };
        var (negatives, positives, _) = Pairs(batch);
        var objective = new SigmoidContrastive(new(NegativeKind.Random, 3.0 / positives.Length), new Generator(8));
        var counts = new int[n * n];
        for (int draw = 0; draw < draws; draw++)
        {
            foreach (long pair in KeptBy(objective, batch))
                counts[pair]++;
        }

        double share = 3.0 / negatives.Length, deviation = Math.Sqrt(draws * share * (1 - share));
        for (long pair = 0; pair < n * n; pair++)
            Assert.AreEqual(negatives.Contains(pair) ? draws * share : 0, counts[pair], negatives.Contains(pair) ? 4.5 * deviation : 0, $"pair {pair}");
    }

    private static long[] Kept(PairBatch batch, NegativeKind kind, double ratio)
        => KeptBy(new SigmoidContrastive(new(kind, ratio), new Generator(2)) { ChunkRows = 7 }, batch);

    /// <summary>The negatives that have a gradient.</summary>
    private static long[] KeptBy(SigmoidContrastive objective, PairBatch batch)
    {
        double[] gradients = Gradients(objective, batch);
        return [.. gradients.Select((g, i) => (g, i)).Where(p => p.g > 0).Select(p => (long)p.i)];
    }

    /// <summary>G, row by row: the left gradient, when every right row is orthogonal to the others in dimensions of its own.</summary>
    private static double[] Gradients(SigmoidContrastive objective, PairBatch batch)
    {
        using var scope = NewDisposeScope();
        var cosines = batch.Left.mm(batch.Right.t());
        return ContrastiveRun.Of(objective, batch with { Left = cosines, Right = eye(cosines.shape[1], dtype: cosines.dtype) }).Left;
    }

    /// <summary>Counted negatives and positives as row · m + column, and all losses as negatives.</summary>
    private static (long[] Negatives, long[] Positives, double[] Losses) Pairs(PairBatch batch)
    {
        var losses = nn.functional.softplus(batch.Left.mm(batch.Right.t()) * batch.LogScale.exp() + batch.Bias, 1, 50);
        var pairs = PairLabels.Table(batch.Labels, new MLNetExt.Kernels.ContrastiveBatch(batch.Left, batch.Right, batch.LogScale, batch.Bias));
        var positive = pairs.Positives(0, pairs.RowCount, CPU);
        var counted = pairs.Counted(0, pairs.RowCount) ?? ones_like(positive);
        static long[] Where(Tensor isTrue) => [.. isTrue.flatten().nonzero().flatten().data<long>()];
        return (Where(counted & ~positive), Where(counted & positive), ObjectiveRun.Doubles(losses));
    }

    /// <summary>The kept negatives by sorting all of them, and the labels that count them and the positives alone.</summary>
    private static (PairLabels Labels, long[] Kept) Oracle(PairBatch batch, NegativeKind kind, double ratio)
    {
        var (negatives, positives, losses) = Pairs(batch);
        int count = (int)Math.Min(negatives.Length, Math.Round(ratio * positives.Length, MidpointRounding.AwayFromZero));
        long[] kept = [.. negatives.OrderBy(p => kind == NegativeKind.Hard ? -losses[p] : losses[p]).ThenBy(p => p).Take(count).Order()];
        long rows = batch.Left.shape[0], columns = batch.Right.shape[0];
        Tensor Matrix(IEnumerable<long> pairs)
        {
            var isIn = new bool[rows * columns];
            foreach (long pair in pairs)
                isIn[pair] = true;
            return tensor(isIn).view(rows, columns);
        }

        return (PairLabels.OfMatrix(Matrix(positives), Matrix(kept.Concat(positives))), kept);
    }
}
