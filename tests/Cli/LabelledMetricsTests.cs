using MLNetExt.Cli;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Cli;

[TestClass]
public sealed class LabelledMetricsTests
{
    [TestMethod]
    public void CompletionsAreScored_AndTheEndIsAddedOnce()
    {
        LabelledMetrics metrics = Measure(new Letters(contextLength: 16), addsEnd: true, Row("aa", "bc", true), Row("aa", "bz", false));
        // b, c and the end z; b and the end, which is there.
        Assert.AreEqual(-(1 + 2 + 25) / 3.0, metrics.Desired!.Value, 1e-6);
        Assert.AreEqual(-(1 + 25) / 2.0, metrics.Undesired!.Value, 1e-6);
        Assert.AreEqual(1, metrics.Auc);
        Assert.AreEqual((2, 0, 0, 0), (metrics.Completions, metrics.EmptyRows, metrics.PromptsCut, metrics.CompletionsCut));
    }

    [TestMethod]
    public void LongRows_LoseTheBeginningOfThePrompt_AndThenTheEndOfTheCompletion()
    {
        var model = new Letters(contextLength: 4);
        LabelledMetrics metrics = Measure(model, addsEnd: false, Row("aaab", "cd", true), Row("ab", "cdefg", true), Row("", "cdefg", true), Row("a", "b", true));
        CollectionAssert.AreEqual(new[] { "abcd", "bcde", "cdef", "ab" }, model.Scored.ToArray());
        // Nothing precedes the first token of the third.
        Assert.AreEqual(-(2.5 + 3 + 4 + 1) / 4, metrics.Desired!.Value, 1e-6);
        Assert.AreEqual((4, 2, 2), (metrics.Completions, metrics.PromptsCut, metrics.CompletionsCut));
    }

    [TestMethod]
    public void EmptyRows_AreCounted_AndOneLabelHasNoAuc()
    {
        LabelledMetrics metrics = Measure(new Letters(contextLength: 8), addsEnd: false, Row("a", "", true), Row("", "b", false), Row("a", "b", false));
        Assert.AreEqual((1, 2), (metrics.Completions, metrics.EmptyRows));
        Assert.IsNull(metrics.Desired);
        Assert.IsNull(metrics.Auc);
        Assert.Contains("none of the 2 test rows", Assert.ThrowsExactly<UserErrorException>(
            () => Measure(new Letters(contextLength: 8), addsEnd: true, Row("a", "", true), Row("", "", false))).Message);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void BrokenModel_NamesTheRow(float value) => Assert.Contains("test row 1 (0-based)", Assert.ThrowsExactly<InvalidOperationException>(
        () => Measure(new Letters(contextLength: 8) { OfX = value }, addsEnd: false, Row("a", "b", true), Row("a", "x", true))).Message);

    private static LabelledMetrics Measure(Letters model, bool addsEnd, params PreferenceRecord[] rows) => LabelledMetrics.Of(model, rows, addsEnd, CancellationToken.None);

    private static PreferenceRecord Row(string prompt, string completion, bool isDesired) => new() { Prompt = prompt, Completion = completion, IsDesired = isDesired };

    /// <summary>Letters as tokens, each as likely as exp(-its place in the alphabet); z ends a text.</summary>
    private sealed class Letters(int contextLength) : ISequenceScorer, ITextCodec
    {
        public float OfX { get; init; } = -23;

        public List<string> Scored { get; } = [];

        public int VocabularySize => 26;

        public int ContextLength => contextLength;

        public int? EndId => 25;

        public int[] EncodePrompt(string text) => [.. text.Select(letter => letter - 'a')];

        public int[] EncodeCompletion(string text) => EncodePrompt(text);

        public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Select(id => (char)('a' + id)));

        public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences)
        {
            Scored.AddRange(sequences.Select(ids => Decode(ids)));
            return [.. sequences.Select(ids => ids.Skip(1).Select(id => id == 23 ? OfX : -id).ToArray())];
        }
    }
}
