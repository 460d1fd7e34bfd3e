using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class ExtractionSplitTests
{
    private static readonly int[] Tokens = [.. Enumerable.Range(0, 60)];

    [TestMethod]
    public void Leading_TakesTheFirstTokens()
    {
        var split = ExtractionSplit.Leading(Tokens, 3, 2)!;
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, split.Prefix);
        CollectionAssert.AreEqual(new[] { 3, 4 }, split.Suffix);
        Assert.IsNotNull(ExtractionSplit.Leading(Tokens, 58, 2));
        Assert.IsNull(ExtractionSplit.Leading(Tokens, 58, 3));
        Assert.IsNull(ExtractionSplit.Leading(Tokens, int.MaxValue, int.MaxValue));
    }

    [TestMethod]
    public void Trailing_TakesTheLastFifty_AsTheReferenceScript()
    {
        var split = ExtractionSplit.Trailing(Tokens)!;
        CollectionAssert.AreEqual(Tokens[..10], split.Prefix);
        CollectionAssert.AreEqual(Tokens[10..], split.Suffix);
        Assert.IsNull(ExtractionSplit.Trailing(Tokens.AsSpan(0, 50)));
        Assert.HasCount(1, ExtractionSplit.Trailing(Tokens.AsSpan(0, 51))!.Prefix);
    }

    [TestMethod]
    public void Lengths_AreAtLeastOne()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ExtractionSplit.Leading(Tokens, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ExtractionSplit.Leading(Tokens, 1, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ExtractionSplit.Trailing(Tokens, 0));
    }
}
