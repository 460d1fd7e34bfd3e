using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class WordPieceLearnerTests
{
    private static readonly KeyValuePair<string, long>[] s_words = [new("low", 5), new("lower", 2), new("newest", 6), new("widest", 3)];

    [TestMethod]
    public void Tokens_of_a_small_text_are_those_worked_out_by_hand()
    {
        // ##e+##s and ##s+##t have 9, and ##e comes first; ##es+##t 9; of ##o+##w and l+##o with 7 ##o+##w; l+##ow 7; of ##e+##w, ##w+##est and n+##e with 6
        // ##e+##w; of ##ew+##est and n+##ew with 6 ##ew+##est; n+##ewest 6; of ##d+##est, ##i+##d and w+##i with 3 ##d+##est, then ##i+##dest, then w+##idest;
        // of ##e+##r and low+##e with 2 ##e+##r; low+##er 2.
        WordPieceLearner learner = Learn(s_words, 1000, 1);
        Assert.AreEqual(10, learner.CharacterCount);
        CollectionAssert.AreEqual(
            new[] { "d", "e", "i", "l", "n", "o", "r", "s", "t", "w", "##d", "##e", "##i", "##l", "##n", "##o", "##r", "##s", "##t", "##w" }, learner.Tokens.Take(20).ToArray());
        CollectionAssert.AreEqual(
            new[] { "##es", "##est", "##ow", "low", "##ew", "##ewest", "newest", "##dest", "##idest", "widest", "##er", "lower" }, learner.Tokens.Skip(20).ToArray());
    }

    [TestMethod]
    public void Learning_ends_at_the_size_or_below_the_frequency()
    {
        CollectionAssert.AreEqual(new[] { "##es", "##est" }, Learn(s_words, 22, 1).Tokens.Skip(20).ToArray());
        CollectionAssert.AreEqual(new[] { "##es", "##est", "##ow", "low" }, Learn(s_words, 1000, 7).Tokens.Skip(20).ToArray());
    }

    [TestMethod]
    public void Tokens_can_be_characters_or_short()
    {
        Assert.HasCount(20, Learn(s_words, 1000, 1, maxTokenLength: 1).Tokens);
        // Longer tokens are left out, and others come after them: ##es (9), ##ow (7), ##ew (6), ##id, wi (3), ##er (2).
        CollectionAssert.AreEqual(new[] { "##es", "##ow", "##ew", "##id", "##er" }, Learn(s_words, 1000, 1, maxTokenLength: 2).Tokens.Skip(20).ToArray());
    }

    [TestMethod]
    public void What_stands_alone_goes_on_with_no_word()
    {
        WordPieceLearner learner = Learn([new("中", 3), new("!", 2), new("🐈⬛", 2)], 8, 1);
        CollectionAssert.AreEqual(new[] { "!", "⬛", "中", "🐈", "##⬛", "##🐈", "🐈⬛" }, learner.Tokens.ToArray());
    }

    [TestMethod]
    public void Rare_characters_are_left_out_with_their_words()
    {
        var learner = new WordPieceLearner([new("ab", 3), new("ac", 2), new("d", 2)], maxCharacters: 2, maxTokenLength: null);
        while (learner.MergeNext(1))
            Assert.IsLessThan(10, learner.Tokens.Count);
        Assert.AreEqual(2, learner.DroppedCharacters);
        CollectionAssert.AreEqual(new[] { "a", "b", "##a", "##b", "ab" }, learner.Tokens.ToArray());
    }

    [TestMethod]
    public void Order_of_the_words_does_not_matter()
    {
        Gen<KeyValuePair<string, long>[]> words = Gen.Elements('a', 'b', 'c', 'é').NonEmptyListOf().Select(letters => string.Concat(letters))
            .Zip(Gen.Choose(1, 4), (word, count) => KeyValuePair.Create(word, (long)count)).ArrayOf().Select(all => all.DistinctBy(word => word.Key).ToArray());
        Prop.ForAll(words.ToArbitrary(), all =>
            CollectionAssert.AreEqual(Learn(all, 60, 1).Tokens.ToArray(), Learn([.. all.Reverse()], 60, 1).Tokens.ToArray())).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [TestMethod]
    public void Learned_tokens_of_the_licences_have_four_bytes_and_make_up_every_word()
    {
        var ml = new MLContext(seed: 1);
        TextRow[] rows = [.. File.ReadLines(Path.Combine(RepositoryRoot(), "samples", "data", "licences.txt")).Select(line => new TextRow { Text = line })];
        using WordPieceTransformer model = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text").Fit(ml.Data.LoadFromEnumerable(rows));
        int[][] ids = [.. rows.Select(row => model.Encode(row.Text!))];
        long tokens = ids.Sum(row => (long)row.Length - 2), bytes = rows.Sum(row => (long)Encoding.UTF8.GetByteCount(row.Text!));
        Assert.IsGreaterThan(4, (double)bytes / tokens, "bytes a token");
        Assert.DoesNotContain(model.SpecialTokens["unk"], ids.SelectMany(row => row), "every character of the texts has tokens");
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MLNetExt.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} does not lie in the repository.");
    }

    private static WordPieceLearner Learn(KeyValuePair<string, long>[] words, int tokens, long minFrequency, int? maxTokenLength = null)
    {
        var learner = new WordPieceLearner(words, maxCharacters: null, maxTokenLength);
        while (learner.Tokens.Count < tokens && learner.MergeNext(minFrequency))
            Assert.IsLessThanOrEqualTo(tokens, learner.Tokens.Count);
        return learner;
    }
}
