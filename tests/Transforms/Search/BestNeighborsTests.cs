using MLNetExt.Search;

namespace MLNetExt.Tests.Search;

[TestClass]
public sealed class BestNeighborsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(64)]
    [DataRow(500)]
    [DataRow(501)]
    public void Keeps_what_sorting_puts_first_whatever_was_read_in_between(int capacity)
    {
        var random = new Random(capacity);
        foreach (int distinct in new[] { 1, 3, 40, 100_000 })
        {
            var best = new BestNeighbors(capacity);
            var offered = new List<(int Row, float Score)>();
            for (int row = 0; row < 500; row++)
            {
                float score = random.Next(distinct) - distinct / 2;
                offered.Add((row, score));
                best.Offer(row, score);
                if (row % 97 == 0 || row == 499)
                    AreEqual(offered, capacity, best);
            }
        }
    }

    [TestMethod]
    public void Threshold_is_the_worst_score_once_there_is_no_room()
    {
        var best = new BestNeighbors(3);
        foreach ((int row, float score) in new[] { (0, 2f), (1, 5), (2, 5) })
        {
            Assert.AreEqual(double.NegativeInfinity, best.Threshold);
            best.Offer(row, score);
        }
        Assert.AreEqual(2, best.Threshold);
        Assert.AreEqual(5, best.Scores[0]);
        Assert.AreEqual(2, best.Threshold, "after reading");
        best.Offer(3, 2);
        CollectionAssert.AreEqual(new[] { 1, 2, 0 }, best.Rows.ToArray(), "an equal score of a later row changes nothing");
        best.Offer(4, float.PositiveInfinity);
        CollectionAssert.AreEqual(new[] { 4, 1, 2 }, best.Rows.ToArray());
        Assert.AreEqual(5, best.Threshold);
    }

    private static void AreEqual(List<(int Row, float Score)> offered, int capacity, BestNeighbors best)
    {
        (int Row, float Score)[] expected = [.. offered.OrderByDescending(o => o.Score).ThenBy(o => o.Row).Take(capacity)];
        CollectionAssert.AreEqual(expected.Select(e => e.Row).ToArray(), best.Rows.ToArray());
        CollectionAssert.AreEqual(expected.Select(e => e.Score).ToArray(), best.Scores.ToArray());
    }
}
