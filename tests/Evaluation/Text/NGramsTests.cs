using FsCheck;
using FsCheck.Fluent;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class NGramsTests
{
    [TestMethod]
    [DataRow("abcd", 2, 0.0)]
    // aa, aa, aa: one of three is different.
    [DataRow("aaaa", 2, 2.0 / 3)]
    // ab, ba, ab, ba, ab: two of five.
    [DataRow("ababab", 2, 3.0 / 5)]
    [DataRow("ababab", 1, 4.0 / 6)]
    // aba, bab, aba, bab: two of four.
    [DataRow("ababab", 3, 0.5)]
    [DataRow("ababab", 6, 0.0)]
    [DataRow("ababab", 7, 0.0)]
    [DataRow("", 1, 0.0)]
    public void Repetition_IsTheShareOfNGramsThatAreNotNew(string text, int n, double expected) =>
        Assert.AreEqual(expected, NGrams.Repetition(text.ToCharArray(), n), 1e-12);

    [TestMethod]
    public void Repetition_TakesIdsAndWords()
    {
        // (7 8), (8 7), (7 8): two of three.
        Assert.AreEqual(1.0 / 3, NGrams.Repetition([7, 8, 7, 8], 2), 1e-12);
        Assert.AreEqual(1.0 / 3, NGrams.Repetition(["no", "way", "no", "way"], 2), 1e-12);
    }

    [TestMethod]
    public void Distinct_CountsTheSet_AndNoRunSpansTwoSequences()
    {
        // ab, bc; ab, bb: three of four. "ca" would be a fourth if the two were joined.
        Assert.AreEqual(3.0 / 4, NGrams.Distinct(["abc".ToCharArray(), "abb".ToCharArray()], 2)!.Value, 1e-12);
        Assert.AreEqual(3.0 / 6, NGrams.Distinct(["abc".ToCharArray(), "abb".ToCharArray()], 1)!.Value, 1e-12);
        Assert.IsNull(NGrams.Distinct(["abc".ToCharArray(), []], 4));
    }

    [TestMethod]
    public void Counts_AreThoseOfASetOfStrings() => Prop.ForAll(
        Gen.Choose(0, 3).Select(i => (char)('a' + i)).ArrayOf().ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), (text, n) =>
        {
            string[] runs = [.. Enumerable.Range(0, Math.Max(0, text.Length - n + 1)).Select(i => new string(text, i, n))];
            double expected = runs.Length == 0 ? 0 : 1 - (double)runs.Distinct().Count() / runs.Length;
            return NGrams.Repetition(text, n) == expected;
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NGrams.Repetition([1], 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NGrams.Distinct([new[] { 1 }], -1));
    }
}
