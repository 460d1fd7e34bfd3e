using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TokenWindowsTests
{
    // Ids:                                          0        1        2        3        4         5    6     7
    private static readonly string[] s_vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "un", "##do"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void LongDocuments_BecomeSeveralRows_BetweenTheirEnds_CutBetweenWords()
    {
        TokenWindows windows = Windows(6, "a a undo undo a", "a", "");
        CollectionAssert.AreEqual(
            (string[])["2 5 5 6 7 3", "2 6 7 5 3", "2 5 3"], Rows(windows));
        Assert.AreEqual((3, 8L), (windows.Count, windows.Tokens));
        CollectionAssert.AreEqual((string[])["2 5 5 3", "2 6 7 3", "2 6 7 3", "2 5 3", "2 5 3"], Rows(Windows(4, "a a undo undo a", "a")));
        CollectionAssert.AreEqual((string[])["2 6 3", "2 7 3"], Rows(Windows(3, "undo")), "a word that is longer than a row is cut");
    }

    [TestMethod]
    public void Rows_NameTheTokenizer_WhichMayCutTextsElsewhere()
    {
        using var place = new Workplace();
        WordPieceTokenizer tokenizer = Tokenizer(place).WithMaxTokens(3);
        IDataView rows = TokenWindows.Create(_ml, tokenizer, ["a a a"], "Tokens", 5, CancellationToken.None).Rows;
        Assert.AreEqual(tokenizer.Fingerprint, TokenAnnotations.Of(rows.Schema["Tokens"])!.Fingerprint);
        Assert.HasCount(5, rows.GetColumn<int[]>("Tokens").Single());
    }

    private TokenWindows Windows(int length, params string[] documents)
    {
        using var place = new Workplace();
        return TokenWindows.Create(_ml, Tokenizer(place), documents, "Tokens", length, CancellationToken.None);
    }

    private static WordPieceTokenizer Tokenizer(Workplace place) => WordPieceTokenizer.FromVocabulary(place.Write("vocab.txt", s_vocabulary));

    private static string[] Rows(TokenWindows windows) => [.. windows.Rows.GetColumn<int[]>("Tokens").Select(ids => string.Join(' ', ids))];
}
