using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class UnigramF1Tests
{
    [TestMethod]
    [DataRow("The cat sat.", "a CAT, sat!", 1.0)]
    // cat is common; P = 1/2, R = 1/3: 2 · 1 / (2 + 3).
    [DataRow("cat dog", "cat mouse bird", 0.4)]
    // "no" counts twice at most: c = 2; 2 · 2 / (3 + 2).
    [DataRow("no no no", "no no", 0.8)]
    // The apostrophe becomes a space: don t.
    [DataRow("don't", "don t", 1.0)]
    [DataRow("“Yes”…", "yes", 1.0)]
    [DataRow("an apple", "apple pie", 2.0 / 3)]
    // Articles are words, not parts of words.
    [DataRow("then", "n", 0.0)]
    [DataRow("the a an", "the a an", 0.0)]
    [DataRow("", "yes", 0.0)]
    [DataRow("yes", "", 0.0)]
    public void Score_IsTwiceTheCommonWordsByAllWords(string generated, string reference, double expected)
    {
        Assert.AreEqual(expected, UnigramF1.Score(generated, reference), 1e-12);
        Assert.AreEqual(expected, UnigramF1.Score(reference, generated), 1e-12);
    }
}
