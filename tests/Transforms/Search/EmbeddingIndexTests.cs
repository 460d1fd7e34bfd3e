using MLNetExt.Columns;
using MLNetExt.Search;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Search;

[TestClass]
public sealed class EmbeddingIndexTests
{
    [TestMethod]
    [DataRow(1, 3, 1)]
    [DataRow(50, 8, 5)]
    [DataRow(333, 37, 20)]
    [DataRow(64, 2, 64)]
    public void Finds_what_brute_force_finds(int rows, int dimension, int neighbors)
    {
        var random = new Random(rows);
        foreach (bool hasTies in new[] { false, true })
        {
            // With ties: few values, so that many scores are the same and, as dot products of whole numbers, exactly so.
            float[] Vectors(int count) => [.. Enumerable.Range(0, count * dimension).Select(_ => hasTies ? random.Next(-1, 2) : random.NextSingle() - 0.5f)];
            float[] index = Vectors(rows), queries = Vectors(9);
            for (int chunk = 1; chunk <= rows; chunk = chunk * 5 + 2)
            {
                using EmbeddingIndex embeddings = Index(index, dimension, SimilarityKind.DotProduct, chunk);
                BestNeighbors?[] found = embeddings.Search(queries, neighbors);
                for (int i = 0; i < found.Length; i++)
                {
                    (int Row, float Score)[] expected = [.. Enumerable.Range(0, rows)
                        .Select(row => (row, (float)Dot(queries, i, index, row, dimension))).OrderByDescending(n => n.Item2).ThenBy(n => n.row).Take(neighbors)];
                    CollectionAssert.AreEqual(expected.Select(n => n.Row).ToArray(), found[i]!.Rows.ToArray(), $"ties {hasTies}, chunks of {chunk}, query {i}");
                    CollectionAssert.AreEqual(expected.Select(n => n.Score).ToArray(), found[i]!.Scores.ToArray(), $"ties {hasTies}, chunks of {chunk}, query {i}");
                }
            }
        }
    }

    [TestMethod]
    public void Equal_rows_come_in_the_order_of_the_index_with_equal_scores()
    {
        const int Rows = 1003, Dimension = 129;
        var random = new Random(6);
        float[] one = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.3f)];
        using EmbeddingIndex index = Index([.. Enumerable.Repeat(one, Rows).SelectMany(v => v)], Dimension, SimilarityKind.DotProduct, 250);
        foreach (int queries in new[] { 1, 3, 17 })
        {
            foreach (BestNeighbors? found in index.Search([.. Enumerable.Repeat(one, queries).SelectMany(v => v)], 40))
            {
                CollectionAssert.AreEqual(Enumerable.Range(0, 40).ToArray(), found!.Rows.ToArray());
                Assert.AreEqual(found.Scores[0], found.Scores[39]);
            }
        }
    }

    [TestMethod]
    public void Scores_beyond_single_precision_keep_their_order()
    {
        // In single precision the first and the last are inf - inf = NaN.
        using EmbeddingIndex index = Index([1e30f, -1e30f, 1, 0, 1e30f, -2e30f], 2, SimilarityKind.DotProduct, 2);
        BestNeighbors found = index.Search([1e30f, 1e30f], 3)[0]!;
        CollectionAssert.AreEqual(new[] { 1, 0, 2 }, found.Rows.ToArray());
        CollectionAssert.AreEqual(new[] { 1e30f, 0, float.NegativeInfinity }, found.Scores.ToArray());
    }

    [TestMethod]
    public void Cosines_are_in_minus_1_to_1()
    {
        var random = new Random(5);
        int rounded = 0;
        for (int i = 0; i < 2_000; i++)
        {
            float[] one = [.. Enumerable.Range(0, 4).Select(_ => 1 + random.NextSingle() / 100)], opposite = [.. one.Select(v => -v)];
            float[] unit = new float[4];
            UnitVectors.Normalize(one, unit);
            rounded += (float)Dot(unit, 0, unit, 0, 4) > 1 ? 1 : 0;
            using EmbeddingIndex index = Index([.. unit, .. unit.Select(v => -v)], 4, SimilarityKind.Cosine, 2);
            foreach (BestNeighbors? found in index.Search([.. one, .. opposite], 2))
            {
                Assert.IsTrue(found!.Scores[0] is > 0.9999f and <= 1, $"{found.Scores[0]:R}");
                Assert.IsTrue(found.Scores[1] is < -0.9999f and >= -1, $"{found.Scores[1]:R}");
            }
        }
        Assert.AreNotEqual(0, rounded, "no vector here would have surpassed 1");
    }

    [TestMethod]
    public void Rows_that_are_not_finite_are_refused_and_released()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.ThrowsExactly<InvalidDataException>(() => Index([1, 2, float.NaN, 3], 2, SimilarityKind.Cosine, 1));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [TestCategory("Speed")]
    public void Twenty_thousand_queries_among_twenty_thousand_rows()
    {
        const int Rows = 20_000, Dimension = 256;
        var random = new Random(1);
        float[] Vectors(int count) => [.. Enumerable.Range(0, count * Dimension).Select(_ => random.NextSingle() - 0.5f)];
        using EmbeddingIndex index = Index(Vectors(Rows), Dimension, SimilarityKind.Cosine, int.MaxValue);
        float[] queries = Vectors(Rows);
        index.Search(queries.AsSpan(0, 256 * Dimension), 10);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int start = 0; start < Rows; start += 256)
            index.Search(queries.AsSpan(start * Dimension, Math.Min(256, Rows - start) * Dimension), 10);
        Console.WriteLine($"{Rows} queries in {watch.Elapsed.TotalSeconds:F2} s");
        watch.Restart();
        for (int i = 0; i < 200; i++)
            index.Search(queries.AsSpan(i * Dimension, Dimension), 10);
        Console.WriteLine($"one query in {watch.Elapsed.TotalMilliseconds / 200:F3} ms");
    }

    private static EmbeddingIndex Index(float[] rows, int dimension, SimilarityKind similarity, int chunk)
    {
        int count = rows.Length / dimension;
        return new EmbeddingIndex(tensor(rows, count, dimension), [.. Enumerable.Range(0, count).Select(i => $"{i}")], similarity, chunk);
    }

    private static double Dot(float[] a, int i, float[] b, int j, int dimension) =>
        Enumerable.Range(0, dimension).Sum(c => (double)a[i * dimension + c] * b[j * dimension + c]);
}
