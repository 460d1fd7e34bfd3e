using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Chunking;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

/// <summary>What the goldfish mask is for: a passage that comes back is masked as it was, wherever it stands.</summary>
[TestClass]
public sealed class RecurringPassageTests
{
    private const int H = 13;
    private const int PassageLength = 60;
    private const int RowLength = 32;
    private static readonly int[] s_offsets = [3, 21, 30, 47, 100];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(GoldfishStrategy.Hash, true, true)]
    [DataRow(GoldfishStrategy.Hash, false, true)]
    [DataRow(GoldfishStrategy.ReferenceHash, true, true)]
    [DataRow(GoldfishStrategy.ReferenceHash, false, true)]
    [DataRow(GoldfishStrategy.Static, true, false)]
    [DataRow(GoldfishStrategy.Random, true, false)]
    public void A_passage_at_five_offsets_has_one_mask_from_its_hth_token_on(GoldfishStrategy strategy, bool includeTarget, bool isAlike)
    {
        // Odd ids, of which products do not collapse to 0.
        var random = new Random(7);
        int Id() => (2 * random.Next(1, 15_000)) + 1;
        int[] passage = [.. Enumerable.Range(0, PassageLength).Select(_ => Id())];
        MaskedRow[] documents = [.. s_offsets.Select(offset => new MaskedRow
        {
            Tokens = [.. Enumerable.Range(0, offset).Select(_ => Id()), .. passage, .. Enumerable.Range(0, 9).Select(_ => Id())],
        })];
        IDataView data = _ml.Data.LoadFromEnumerable(documents);
        var pipeline = _ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 4, h: H, strategy, includeTarget)
            .Append(_ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions { Length = RowLength, AlignedColumnNames = ["LossMask"] }));
        IDataView rows = pipeline.Fit(data).Transform(data);

        int[] document = [.. rows.GetColumn<int>("Document")];
        float[][] masks = [.. rows.GetColumn<float[]>("LossMask")];
        // A window that ends before its target is whole from the next token on.
        int from = includeTarget ? H - 1 : H;
        string[] found = [.. s_offsets.Select((offset, i) =>
        {
            // Row for row without the token that the row before has already, the documents' masks again.
            float[] mask = [.. masks.Where((_, row) => document[row] == i).SelectMany((part, row) => part.Skip(row == 0 ? 0 : 1))];
            Assert.HasCount(documents[i].Tokens.Length, mask);
            return string.Concat(mask.Skip(offset + from).Take(PassageLength - from).Select(x => (int)x));
        })];

        Assert.AreEqual(isAlike, found.Distinct().Count() == 1, string.Join('\n', found));
        StringAssert.Contains(found[0], "0");
    }
}
