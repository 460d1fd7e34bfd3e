using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class FingerprintTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_column_is_of_its_tokenizer_wherever_texts_are_cut()
    {
        WordPieceTokenizer pieces = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", vocabularySize: 40).Fit(Texts()).Tokenizer;
        BytePairTokenizer pairs = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300).Fit(Texts()).Tokenizer;
        foreach (int? most in new int?[] { null, 5, 7 })
        {
            Check(_ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Text", Tokenizer = pieces, MaxTokens = most }), pieces, most);
            Check(_ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { InputColumnName = "Text", Tokenizer = pairs, MaxTokens = most }), pairs, most);
        }
        WordPieceTokenizer five = _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Text", Tokenizer = pieces, MaxTokens = 5 }).Fit(Texts()).Tokenizer;
        Check(_ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Text", Tokenizer = five, MaxTokens = 7 }), five, 7);
    }

    [TestMethod]
    public void Other_settings_make_another_tokenizer()
    {
        WordPieceTokenizer cased = Fit(new() { Lowercase = false }), plain = Fit(new()), cut = Fit(new() { MaxTokens = 5 });
        Assert.AreNotEqual(plain.Fingerprint, cased.Fingerprint);
        Assert.AreEqual(plain.Fingerprint, cut.Fingerprint);
        Assert.AreEqual(TokenColumnInfo.FingerprintOf(cut.ToJson()), cut.Fingerprint);
        Assert.AreEqual(Sha256(plain.ToJson()), cut.Fingerprint, "fingerprints of tokenizers that cut nothing stay what they were");

        WordPieceTokenizer Fit(WordPieceOptions options)
        {
            (options.InputColumnName, options.VocabularySize) = ("Text", 40);
            return _ml.Transforms.Text.TokenizeWordPieces(options).Fit(Texts()).Tokenizer;
        }
    }

    [TestMethod]
    public void Fingerprints_of_old_that_told_the_cut_are_read()
    {
        TokenColumnInfo now = _ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { InputColumnName = "Text", VocabularySize = 300, MaxTokens = 5 }).Fit(Texts()).Tokenizer.ColumnInfo;
        Assert.AreNotEqual(Sha256(now.TokenizerJson), now.Fingerprint);
        var old = new TokenColumnInfo(now.VocabularySize, now.SpecialTokens, now.TokenizerJson, Sha256(now.TokenizerJson));
        Assert.AreEqual(now.Fingerprint, old.Fingerprint);
        Assert.IsTrue(old.IsConsistent());
        Assert.IsFalse(new TokenColumnInfo(now.VocabularySize, now.SpecialTokens, now.TokenizerJson, Sha256("another")).IsConsistent());
    }

    [TestMethod]
    [DataRow("""{"truncation": {"max_length": 5}}""", """{"truncation": null}""", true)]
    [DataRow("""{"truncation":null,"vocab":{"\"truncation\":{}":7}}""", """{"truncation":null,"vocab":{"\"truncation\":null":7}}""", false)]
    [DataRow("""{"truncation":null,"vocab":{"truncation":7}}""", """{"truncation":null,"vocab":{"truncation":null}}""", false)]
    public void Only_the_setting_is_left_out(string first, string second, bool same) =>
        Assert.AreEqual(same, TokenColumnInfo.FingerprintOf(first) == TokenColumnInfo.FingerprintOf(second));

    private void Check(IEstimator<ITransformer> estimator, TextTokenizer tokenizer, int? most)
    {
        IDataView rows = estimator.Fit(Texts()).Transform(Texts());
        TokenAnnotations.RequireSame(rows.Schema["Tokens"], tokenizer.Fingerprint);
        TokenColumnInfo column = TokenAnnotations.Of(rows.Schema["Tokens"])!;
        Assert.IsTrue(column.IsConsistent());
        int[] ids = rows.GetColumn<int[]>("Tokens").Single();
        Assert.HasCount(most ?? tokenizer.Encode(Texts().GetColumn<string>("Text").Single()).Length, ids);
        CollectionAssert.AreEqual(ids, TextTokenizer.FromJson(column.TokenizerJson).Encode(Texts().GetColumn<string>("Text").Single()), "the column's JSON cuts as the column was cut");
    }

    private IDataView Texts() => _ml.Data.LoadFromEnumerable(new[] { new TextRow { Text = "the cat sat on the mat and the dog sat by the cat" } });

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
