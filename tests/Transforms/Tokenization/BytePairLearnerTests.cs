using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class BytePairLearnerTests
{
    [TestMethod]
    public void Merges_of_a_small_text_are_those_worked_out_by_hand()
    {
        // e+s and s+t have 9, and e+s comes first, which leaves w+e 2 of its 8; es+t 9; of l+o and o+w with 7 l+o; lo+w 7; of e+w, n+e and
        // w+est with 6 e+w; of ew+est and n+ew with 6 ew+est; n+ewest 6; of d+est, i+d and w+i with 3 d+est.
        (string, long)[] words = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)];
        BytePairLearner learner = Learn(words, 256 + 8, 1);
        CollectionAssert.AreEqual(
            new[] { "e s", "es t", "l o", "lo w", "e w", "ew est", "n ewest", "d est" },
            learner.Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray());
        CollectionAssert.AreEqual(new[] { "es", "est", "lo", "low", "ew", "ewest", "newest", "dest" }, learner.Tokens.Skip(256).ToArray());
    }

    [TestMethod]
    public void Overlapping_pairs_are_merged_from_the_left()
    {
        BytePairLearner learner = Learn([("aaaaa", 4)], 259, 1);
        CollectionAssert.AreEqual(new[] { ("a", "a"), ("aa", "a"), ("aa", "aaa") }, learner.Merges.ToArray());
    }

    [TestMethod]
    public void Pairs_below_the_frequency_are_left_alone()
    {
        BytePairLearner learner = Learn([("ab", 3), ("cd", 2)], 300, 3);
        CollectionAssert.AreEqual(new[] { ("a", "b") }, learner.Merges.ToArray());
    }

    [TestMethod]
    public void Order_of_the_pieces_does_not_matter()
    {
        (string, long)[] pieces = [.. Enumerable.Range(0, 200).Select(i => ($"{(char)('a' + i % 5)}{(char)('a' + i % 7)}{(char)('a' + i % 3)}", 1L + i % 4))];
        CollectionAssert.AreEqual(Learn(pieces, 300, 1).Merges.ToArray(), Learn([.. pieces.Reverse()], 300, 1).Merges.ToArray());
    }

    [TestMethod]
    public void Learner_makes_the_merges_of_the_brute_force_learner()
    {
        Gen<string> piece = Gen.Elements('a', 'b', 'c', 'é').ArrayOf().Select(letters => new string(letters));
        Gen<(string Piece, long Count)[]> pieces = piece.Zip(Gen.Choose(1, 4), (text, count) => (text, (long)count)).ArrayOf();
        Prop.ForAll(pieces.Zip(Gen.Choose(1, 5)).ToArbitrary(), input =>
        {
            BytePairLearner learner = Learn(input.Item1, 290, input.Item2);
            CollectionAssert.AreEqual(BruteForce.Learn(input.Item1, 290, input.Item2).ToArray(), learner.Merges.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [TestMethod]
    public void Eight_thousand_merges_of_the_licences_take_seconds()
    {
        string file = Path.Combine(RepositoryRoot(), "..", "shared", "data", "licences", "licences.txt");
        if (!File.Exists(file))
            Assert.Inconclusive($"{file} is not there");
        var ml = new MLContext(seed: 1);
        TextRow[] rows = [.. File.ReadLines(file).Select(line => new TextRow { Text = line })];
        var watch = Stopwatch.StartNew();
        using BytePairTransformer model = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text").Fit(ml.Data.LoadFromEnumerable(rows));
        double learning = watch.Elapsed.TotalSeconds;
        watch.Restart();
        long tokens = rows.Sum(row => (long)model.Encode(row.Text!).Length), bytes = rows.Sum(row => (long)Encoding.UTF8.GetByteCount(row.Text!));
        Console.WriteLine($"{bytes} bytes, {model.VocabularySize} tokens learned in {learning:0.00} s; encoded in {watch.Elapsed.TotalSeconds:0.00} s to {tokens} tokens, {(double)bytes / tokens:0.00} bytes each");
        Assert.IsLessThan(30, learning);
        Assert.IsGreaterThan(3.5, (double)bytes / tokens, "bytes a token");
        foreach (TextRow row in rows.Take(2000))
            Assert.AreEqual(row.Text, model.Decode(model.Encode(row.Text!)));
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MLNetExt.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} does not lie in the repository.");
    }

    private static BytePairLearner Learn(IEnumerable<(string Piece, long Count)> pieces, int tokens, long minFrequency)
    {
        var learner = new BytePairLearner(pieces.Select(piece => (Encoding.UTF8.GetBytes(piece.Piece), piece.Count)));
        while (learner.TokenCount < tokens && learner.MergeNext(minFrequency))
            Assert.IsLessThanOrEqualTo(tokens, learner.TokenCount);
        return learner;
    }
}
