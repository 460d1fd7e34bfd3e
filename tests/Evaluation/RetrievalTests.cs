using System.Globalization;
using MLNetExt.Evaluation;
using MLNetExt.Torch;
using TorchSharp;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class RetrievalTests
{
    private static readonly int[] At = [1, 2, 5, 10];

    [TestMethod]
    public void HandWorkedExample()
    {
        // Cosines:        right 0  right 1  right 2
        //   left 0 (1,0)    0.8       1        0       -> rank 2
        //   left 1 (0,1)    0.6       0        1       -> rank 3
        //   left 2 (1,1)    0.99      0.71     0.71    -> 0.71 ties with right 1: rank 3
        float[] left = [1, 0, 0, 1, 1, 1], right = [0.8f, 0.6f, 1, 0, 0, 1];
        RetrievalMetrics metrics = Retrieval.Evaluate(left, right, 2, default, 1, 2, 3);
        Assert.AreEqual(0, metrics.LeftToRight.RecallAt[1]);
        Assert.AreEqual(1 / 3.0, metrics.LeftToRight.RecallAt[2]);
        Assert.AreEqual(1, metrics.LeftToRight.RecallAt[3]);
        Assert.AreEqual(3, metrics.LeftToRight.MedianRank);
        Assert.AreEqual((1 / 2.0 + 1 / 3.0 + 1 / 3.0) / 3, metrics.LeftToRight.MeanReciprocalRank, 1e-15);
        Assert.AreEqual(3, metrics.LeftToRight.Queries);
        Assert.AreEqual(3, metrics.LeftToRight.Candidates);

        // Columns: right 0 has (0.8, 0.6, 0.99) -> rank 2; right 1 (1, 0, 0.71) -> rank 3; right 2 (0, 1, 0.71) -> rank 2.
        Assert.AreEqual(2 / 3.0, metrics.RightToLeft.RecallAt[2]);
        Assert.AreEqual(2, metrics.RightToLeft.MedianRank);
        Assert.AreEqual((1 / 2.0 + 1 / 3.0 + 1 / 2.0) / 3, metrics.RightToLeft.MeanReciprocalRank, 1e-15);

        Assert.AreEqual((1 / 3.0 + 2 / 3.0) / 2, metrics.RecallAt[2], 1e-15);
        Assert.AreEqual(2.5, metrics.MedianRank);
        Assert.AreEqual((7 / 18.0 + 4 / 9.0) / 2, metrics.MeanReciprocalRank, 1e-15);
        Assert.AreEqual(0, metrics.RowsLeftOut);
    }

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(2, 1)]
    [DataRow(97, 8)]
    [DataRow(150, 33)]
    public void AgreesWithBruteForce(int rows, int dimension)
    {
        var random = new Random(rows);
        foreach (bool hasTies in new[] { false, true })
        {
            float[] left = Vectors(random, rows, dimension, hasTies), right = Vectors(random, rows, dimension, hasTies);
            int[] groups = [.. Enumerable.Range(0, rows).Select(_ => random.Next(-2, rows / 3))];
            foreach (int[] grouping in new[] { [], groups })
            {
                foreach (int block in new[] { 1, 7, 64, 1000 })
                {
                    string what = $"ties {hasTies}, groups {grouping.Length > 0}, block {block}";
                    AreEqual(BruteForce(left, right, dimension, grouping), Evaluate(left, right, dimension, grouping, block), what);
                }
            }
        }
    }

    [TestMethod]
    public void SwappedSides_SwapTheDirections()
    {
        var random = new Random(4);
        float[] left = Vectors(random, 60, 5, hasTies: true), right = Vectors(random, 60, 5, hasTies: true);
        int[] groups = [.. Enumerable.Range(0, 60).Select(i => i / 2)];
        RetrievalMetrics one = Retrieval.Evaluate(left, right, 5, groups), other = Retrieval.Evaluate(right, left, 5, groups);
        AreEqual(one, (Numbers(other.RightToLeft), Numbers(other.LeftToRight)), "swapped");
        Assert.AreEqual(one.MeanReciprocalRank, other.MeanReciprocalRank);
    }

    [TestMethod]
    [DataRow(37)]
    [DataRow(256)]
    public void IdenticalEmbeddings_EarnNothing(int dimension)
    {
        const int Rows = 301;
        var random = new Random(1);
        float[] one = Vectors(random, 1, dimension, hasTies: false);
        // Equal up to a scale, so that normalised they may differ in their last bits.
        float[] collapsed = [.. Enumerable.Range(0, Rows).SelectMany(i => one.Select(v => v * (1 + i)))];
        foreach (RetrievalDirection direction in Both(Retrieval.Evaluate(collapsed, collapsed, dimension)))
        {
            Assert.AreEqual(0, direction.RecallAt[10]);
            Assert.AreEqual(Rows, direction.MedianRank);
        }

        // In groups of 7 all but the query's own group stand before it.
        int[] groups = [.. Enumerable.Range(0, Rows).Select(i => i / 7)];
        Assert.AreEqual(Rows - 6, Retrieval.Evaluate(collapsed, collapsed, dimension, groups).MedianRank);
    }

    [TestMethod]
    public void LengthsDoNotMatter()
    {
        var random = new Random(2);
        float[] left = Vectors(random, 40, 6, hasTies: false), right = Vectors(random, 40, 6, hasTies: false);
        float[] scaled = [.. left.Select((v, i) => v * (i / 6 % 2 == 0 ? 1e25f : 1e-25f))];
        RetrievalMetrics expected = Retrieval.Evaluate(left, right, 6);
        AreEqual(Retrieval.Evaluate(scaled, right, 6), (Numbers(expected.LeftToRight), Numbers(expected.RightToLeft)), "scaled");
    }

    [TestMethod]
    public void ZeroVectors_HaveCosineZero()
    {
        // Left 0 is zero: every candidate has 0, its match too, so it is last of three.
        float[] left = [0, 0, 1, 0, 0, 1], right = [1, 1, 1, 0, 0, 1];
        RetrievalMetrics metrics = Retrieval.Evaluate(left, right, 2);
        Assert.AreEqual((1 / 3.0 + 1 + 1) / 3, metrics.LeftToRight.MeanReciprocalRank, 1e-15);
        // Right 0 has (0, 0.71, 0.71): its zero match is last.
        Assert.AreEqual((1 / 3.0 + 1 + 1) / 3, metrics.RightToLeft.MeanReciprocalRank, 1e-15);
    }

    [TestMethod]
    public void OneRow_FindsItself()
    {
        RetrievalMetrics metrics = Retrieval.Evaluate([3, 4], [1, 0], 2);
        Assert.AreEqual(1, metrics.RecallAt[1]);
        Assert.AreEqual(1, metrics.MedianRank);
        CollectionAssert.AreEqual(new[] { 1, 5, 10 }, metrics.RecallAt.Keys.ToArray());
    }

    [TestMethod]
    public void PairsThatAreNotFinite_AreLeftOutAndCounted()
    {
        var random = new Random(8);
        float[] left = Vectors(random, 30, 4, hasTies: false), right = Vectors(random, 30, 4, hasTies: false);
        int[] groups = [.. Enumerable.Range(0, 30).Select(i => i % 11)], bad = [0, 13, 29];
        RetrievalMetrics expected = Retrieval.Evaluate(Without(left, 4), Without(right, 4), 4, Without(groups, 1));
        left[2] = float.NaN;
        right[13 * 4] = float.NegativeInfinity;
        left[29 * 4 + 3] = float.PositiveInfinity;
        RetrievalMetrics actual = Retrieval.Evaluate(left, right, 4, groups);
        AreEqual(actual, (Numbers(expected.LeftToRight), Numbers(expected.RightToLeft)), "left out");
        Assert.AreEqual(3, actual.RowsLeftOut);
        Assert.AreEqual(27, actual.LeftToRight.Candidates);

        T[] Without<T>(T[] values, int width) => [.. values.Where((_, i) => !bad.Contains(i / width))];
    }

    [TestMethod]
    public void CutoffsAreTakenOnce_AndMayExceedTheCandidates()
    {
        RetrievalMetrics metrics = Retrieval.Evaluate([1, 0, 0, 1], [0, 1, 1, 0], 2, default, 50, 1, 1);
        CollectionAssert.AreEqual(new[] { 50, 1 }, metrics.RecallAt.Keys.ToArray());
        Assert.AreEqual(1, metrics.RecallAt[50]);
        Assert.AreEqual(0, metrics.RecallAt[1]);
    }

    [TestMethod]
    public void WrongArguments_AreNamed()
    {
        Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Retrieval.Evaluate([1], [1], 1, default, 1, 0)), "k of at least 1");
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Retrieval.Evaluate([1, 2], [1], 1)), "2 left and 1 right values");
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Retrieval.Evaluate([1, 2, 3], [1, 2, 3], 2)), "dimension 2");
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Retrieval.Evaluate([1, 2], [1, 2], 1, [1])), "2 pairs need as many group numbers, not 1");
        Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Retrieval.Evaluate([], [], 3)), "no rows");
        Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Retrieval.Evaluate([float.NaN], [1], 1)), "all 1 rows");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Retrieval.Evaluate([1], [1], 0));
    }

    [TestMethod]
    public void NoTensorIsLeft()
    {
        LibTorch.EnsureLoaded();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Evaluate([1, 2, 3, 4], [4, 3, 2, 1], 2, [], block: 1);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [TestCategory("Speed")]
    public void TwentyThousandPairs_TakeSecondsAndNoSquareMatrix()
    {
        const int Rows = 20_000, Dimension = 256;
        var random = new Random(3);
        float[] left = Vectors(random, Rows, Dimension, hasTies: false), right = Vectors(random, Rows, Dimension, hasTies: false);
        Retrieval.Evaluate(left.AsSpan(0, 100 * Dimension), right.AsSpan(0, 100 * Dimension), Dimension);
        long before = PeakBytes();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        RetrievalMetrics metrics = Retrieval.Evaluate(left, right, Dimension);
        Console.WriteLine(
            $"{Rows} x {Rows}, d={Dimension}: {watch.Elapsed.TotalSeconds:F2} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} s of processors), peak +{(PeakBytes() - before) >> 20} MiB, R@10 {metrics.RecallAt[10]:P2}");
        Assert.IsLessThan(60, watch.Elapsed.TotalSeconds);
        // All scores would take 1.5 GiB.
        Assert.IsLessThan(400L << 20, PeakBytes() - before);
    }

    [TestMethod]
    public void Every_block_can_be_the_last()
    {
        float[] left = [.. Enumerable.Range(0, 40).Select(i => (float)i + 1)];
        int blocks = 0;
        Retrieval.Evaluate(left, left, 2, default, At, "test", blockRows: 7, () => blocks++);
        Assert.AreEqual(2 * 3, blocks, "20 pairs in blocks of 7, both directions");
        foreach (int last in new[] { 1, 2, 6 })
        {
            blocks = 0;
            long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.ThrowsExactly<OperationCanceledException>(() => Retrieval.Evaluate(left, left, 2, default, At, "test", blockRows: 7, Stop));
            Assert.AreEqual(last, blocks);
            Assert.AreEqual(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);

            void Stop()
            {
                if (++blocks == last)
                    throw new OperationCanceledException();
            }
        }
    }

    private static long PeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }

    private static RetrievalMetrics Evaluate(float[] left, float[] right, int dimension, int[] groups, int block) =>
        Retrieval.Evaluate(left, right, dimension, groups, At, "test", block, beforeBlock: null);

    private static (double[] LeftToRight, double[] RightToLeft) BruteForce(float[] left, float[] right, int dimension, int[] groups)
    {
        int rows = left.Length / dimension;
        return (Direction(left, right), Direction(right, left));

        double[] Direction(float[] queries, float[] candidates)
        {
            int[] ranks = [.. Enumerable.Range(0, rows).Select(i =>
            {
                bool IsMatch(int j) => i == j || (groups.Length > 0 && groups[i] >= 0 && groups[i] == groups[j]);
                double[] scores = [.. Enumerable.Range(0, rows).Select(j => Cosine(queries, i, candidates, j))];
                double best = Enumerable.Range(0, rows).Where(IsMatch).Max(j => scores[j]);
                return 1 + Enumerable.Range(0, rows).Count(j => !IsMatch(j) && scores[j] >= best - Retrieval.TieTolerance);
            }).Order()];
            double median = rows % 2 == 1 ? ranks[rows / 2] : (ranks[rows / 2 - 1] + ranks[rows / 2]) / 2.0;
            return [.. At.Select(k => ranks.Count(r => r <= k) / (double)rows), median, ranks.Average(r => 1.0 / r)];
        }

        double Cosine(float[] a, int i, float[] b, int j)
        {
            double dot = 0, aa = 0, bb = 0;
            for (int c = 0; c < dimension; c++)
            {
                double x = a[i * dimension + c], y = b[j * dimension + c];
                (dot, aa, bb) = (dot + x * y, aa + x * x, bb + y * y);
            }
            return aa == 0 || bb == 0 ? 0 : dot / Math.Sqrt(aa * bb);
        }
    }

    private static void AreEqual((double[] LeftToRight, double[] RightToLeft) expected, RetrievalMetrics actual, string what) => AreEqual(actual, expected, what);

    private static void AreEqual(RetrievalMetrics actual, (double[] LeftToRight, double[] RightToLeft) expected, string what)
    {
        foreach ((double[] numbers, RetrievalDirection direction) in new[] { (expected.LeftToRight, actual.LeftToRight), (expected.RightToLeft, actual.RightToLeft) })
        {
            double[] found = Numbers(direction);
            Assert.HasCount(numbers.Length, found);
            for (int i = 0; i < found.Length; i++)
                Assert.AreEqual(numbers[i], found[i], 1e-12, $"{what}, number {i}");
        }
    }

    private static double[] Numbers(RetrievalDirection direction) => [.. direction.RecallAt.Values, direction.MedianRank, direction.MeanReciprocalRank];

    private static RetrievalDirection[] Both(RetrievalMetrics metrics) => [metrics.LeftToRight, metrics.RightToLeft];

    /// <summary>Random vectors; with ties they have few values, so that many are the same and some are zero.</summary>
    private static float[] Vectors(Random random, int rows, int dimension, bool hasTies) =>
        [.. Enumerable.Range(0, rows * dimension).Select(_ => hasTies ? random.Next(-1, 2) : random.NextSingle() - 0.5f)];

    private static void Contains(Exception error, string part) => Assert.Contains(part, error.Message);
}
