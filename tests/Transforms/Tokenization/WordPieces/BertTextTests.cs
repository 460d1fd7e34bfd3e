using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class BertTextTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" \u00a0\u3000\u2028\n", "")]
    [DataRow("a\tb\nc\r\nd", "a|b|c|d")]
    [DataRow("a\0b\u200dc\ufffdd\ufeffe\u0085f\ue000g\ufffeh", "abcdefgh")]
    [DataRow("1+1=$2 <ok> a_b ^|~`", "1|+|1|=|$|2|<|ok|>|a|_|b|^|||~|`")]
    [DataRow("don't—stop… «ja»", "don|'|t|—|stop|…|«|ja|»")]
    [DataRow("中文ab字。𠀀x", "中|文|ab|字|。|𠀀|x")]
    [DataRow("ひらがな 한글", "ひらがな|한글")]
    [DataRow("🐈 cats🐈‍⬛ 5€", "🐈|cats🐈⬛|5€")]
    [DataRow("a\U00010100b", "a|\U00010100|b")]
    [DataRow("ÉCOLE Straße", "ÉCOLE|Straße")]
    [DataRow("[SEP] ##s", "[|SEP|]|#|#|s")]
    public void Words_are_those_of_bert(string text, string expected) => CollectionAssert.AreEqual(
        expected.Length == 0 ? [] : expected.Replace("|||", "|\0|", StringComparison.Ordinal).Split('|').Select(word => word.Replace('\0', '|')).ToArray(),
        Words(BertText.Normalize(text, lowercase: false, stripAccents: false)));

    [TestMethod]
    [DataRow("ÉCOLE Naïve Ñandú", "ecole naive nandu")]
    [DataRow("E\u0301", "e")]
    [DataRow("İstanbul ΑΣ", "istanbul ασ")]
    [DataRow("Ł ß Ø", "ł ß ø")]
    [DataRow("𐐀", "𐐨")]
    public void Capitals_and_accents_are_left_out(string text, string expected) =>
        Assert.AreEqual(expected, BertText.Normalize(text, lowercase: true, stripAccents: true));

    [TestMethod]
    public void Vowel_signs_that_take_space_are_no_accents()
    {
        // U+093F is a spacing mark, U+0941 is not.
        Assert.AreEqual("\u0915\u093f", BertText.Normalize("\u0915\u093f", lowercase: true, stripAccents: true));
        Assert.AreEqual("\u0915", BertText.Normalize("\u0915\u0941", lowercase: true, stripAccents: true));
        Assert.AreEqual("\u0915\u0941", BertText.Normalize("\u0915\u0941", lowercase: true, stripAccents: false));
    }

    [TestMethod]
    public void Letters_stay_decomposed_where_accents_are_left_out()
    {
        Assert.AreEqual("\u1112\u1161\u11ab", BertText.Normalize("한", lowercase: true, stripAccents: true));
        Assert.AreEqual("한 é", BertText.Normalize("한 É", lowercase: true, stripAccents: false));
    }

    [TestMethod]
    public void Text_that_is_no_utf_16_loses_what_is_none() =>
        Assert.AreEqual("ab🐈", BertText.Normalize("a\ud83db\udc08\ud83d🐈", lowercase: true, stripAccents: true));

    [TestMethod]
    public void A_part_of_a_text_gives_the_same_words_as_a_span()
    {
        const string Text = "the cats sat.";
        CollectionAssert.AreEqual(BertWords.Instance.PreTokenize(Text).ToArray(), BertWords.Instance.PreTokenize(Text.AsSpan()).ToArray());
    }

    private static string[] Words(string text) => [.. BertWords.Instance.PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length))];
}
