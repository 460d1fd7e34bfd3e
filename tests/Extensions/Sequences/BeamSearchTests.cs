using MLNetExt.Sequences;

namespace MLNetExt.Tests.Sequences;

[TestClass]
public sealed class BeamSearchTests
{
    [TestMethod]
    public void Wide_search_finds_the_most_likely_of_all_sequences()
    {
        double[][] logProbabilities = Random(vocabulary: 4);
        IReadOnlyList<Beam> beams = Search(logProbabilities, width: 64, length: 3);

        double[] all = [.. from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) from c in Enumerable.Range(0, 4)
            select Sum(a, b, c) into sum orderby sum descending select sum];
        Assert.HasCount(64, beams);
        Assert.HasCount(64, beams.Select(beam => string.Join(' ', beam.Tokens)).Distinct().ToArray());
        for (int i = 0; i < all.Length; i++)
        {
            Assert.AreEqual(all[i], beams[i].LogProbability, 1e-12);
            Assert.AreEqual(all[i], Sum(beams[i].Tokens[0], beams[i].Tokens[1], beams[i].Tokens[2]), 1e-12);
        }

        double Sum(int a, int b, int c) => logProbabilities[0][a] + logProbabilities[a][b] + logProbabilities[b][c];
    }

    [TestMethod]
    public void Parents_say_which_beam_is_continued()
    {
        double[][] logProbabilities = Random(vocabulary: 5);
        IReadOnlyList<Beam> previous = [];
        BeamSearch.Run(
            beams =>
            {
                foreach (Beam beam in beams.Where(_ => previous.Count > 0))
                    CollectionAssert.AreEqual(previous[beam.Parent].Tokens, beam.Tokens[..^1]);
                previous = beams;
                return [.. beams.Select(beam => logProbabilities[beam.Tokens.LastOrDefault()])];
            },
            width: 3,
            length: 6);
        Assert.HasCount(3, previous);
    }

    [TestMethod]
    public void Of_equal_continuations_the_smaller_ids_come_first()
    {
        double half = Math.Log(0.5);
        IReadOnlyList<Beam> beams = Search([[half, half], [half, half]], width: 3, length: 2);
        CollectionAssert.AreEqual((int[])[0, 0, 0, 1, 1, 0], beams.SelectMany(beam => beam.Tokens).ToArray());
    }

    [TestMethod]
    public void An_end_token_sets_a_beam_aside_which_longer_ones_must_surpass()
    {
        // Token 2 ends. The best way to go on is less likely than to end at once, and the second best is to end a step later.
        double[][] logProbabilities = [[Math.Log(0.3), Math.Log(0.1), Math.Log(0.6)], [Math.Log(0.2), Math.Log(0.3), Math.Log(0.5)], []];
        IReadOnlyList<Beam> beams = BeamSearch.Run(
            live => [.. live.Select(beam => logProbabilities[beam.Tokens.LastOrDefault()])], width: 2, length: 5, endIds: [2]);
        Assert.IsEmpty(beams[0].Tokens);
        Assert.AreEqual(Math.Log(0.6), beams[0].LogProbability, 1e-12);
        CollectionAssert.AreEqual((int[])[0], beams[1].Tokens);
        Assert.AreEqual(Math.Log(0.3 * 0.6), beams[1].LogProbability, 1e-12);
    }

    [TestMethod]
    public void Several_tokens_may_end_a_beam_and_as_many_as_are_kept_still_go_on()
    {
        // Tokens 1 and 2 end. Token 5 is the least likely at first, and the most likely to end a step later.
        double[] first = [0.15, 0.3, 0.2, 0.14, 0.13, 0.08], then = [.. Enumerable.Repeat(1 / 6.0, 6)], behind5 = [0, 0.99, 0.01, 0, 0, 0];
        IReadOnlyList<Beam> beams = BeamSearch.Run(
            live => [.. live.Select(beam => (beam.Tokens switch { [] => first, [5] => behind5, _ => then }).Select(p => Math.Log(p)).ToArray())], width: 4, length: 2, endIds: [2, 1]);
        double[] expected = [0.3, 0.2, 0.08 * 0.99, 0.15 / 6];
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(Math.Log(expected[i]), beams[i].LogProbability, 1e-12);
        Assert.IsEmpty(beams[0].Tokens);
        Assert.IsEmpty(beams[1].Tokens);
        CollectionAssert.AreEqual((int[])[5], beams[2].Tokens);
    }

    [TestMethod]
    public void Impossible_tokens_are_allowed_and_NaN_is_not()
    {
        CollectionAssert.AreEqual((int[])[1, 1], Search([[double.NegativeInfinity, 0], [double.NegativeInfinity, 0]], 1, 2)[0].Tokens);
        Assert.ThrowsExactly<ArgumentException>(() => Search([[double.NaN, 0], [0, 0]], 1, 2));
        Assert.ThrowsExactly<ArgumentException>(() => BeamSearch.Run(_ => [], 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Search([[0]], 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Search([[0]], 1, 0));
    }

    /// <summary>The last token decides, 0 at the start.</summary>
    private static IReadOnlyList<Beam> Search(double[][] logProbabilities, int width, int length) =>
        BeamSearch.Run(beams => [.. beams.Select(beam => logProbabilities[beam.Tokens.LastOrDefault()])], width, length);

    private static double[][] Random(int vocabulary)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, vocabulary).Select(_ => Enumerable.Range(0, vocabulary).Select(_ => Math.Log(random.NextDouble())).ToArray())];
    }
}
