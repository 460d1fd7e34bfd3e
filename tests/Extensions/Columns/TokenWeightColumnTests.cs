using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class TokenWeightColumnTests
{
    private const int Rows = 700;

    [TestMethod]
    [DataRow(1L << 30, null)]
    [DataRow(0L, null)]
    [DataRow(1L << 30, "Tokens")]
    [DataRow(0L, "Tokens")]
    public void Each_weight_stands_where_its_token_does(long budget, string? bucketBy)
    {
        using BatchSource source = BatchSource.Open(
            Data(),
            [BatchColumn.Tokens("Tokens", Sentence.MaxLength), BatchColumn.TokenWeights("Weights", Sentence.MaxLength)],
            new BatchSourceOptions { BatchSize = 64, Seed = 3, MemoryBudgetBytes = budget, BucketBy = bucketBy });
        int seen = 0;
        foreach (TensorBatch batch in source.Read(1))
        {
            TokenRows tokens = batch.Tokens("Tokens");
            CollectionAssert.AreEqual(tokens.Ids.shape, batch["Weights"].shape);
            CollectionAssert.AreEqual(Longs(tokens.Ids).Select(id => id / 8f).ToArray(), Floats(batch["Weights"]));
            seen += batch.RowCount;
        }

        Assert.AreEqual(Rows, seen);
    }

    [TestMethod]
    public void A_column_of_other_numbers_is_refused_with_a_remedy()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.TokenWeights("Tokens").Bind(Data().Schema));
        StringAssert.Contains(error.Message, "'Tokens' must be a vector of Single");
    }

    private static IDataView Data() => new MLContext(seed: 1).Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new WeightedSentence
    {
        Tokens = new VBuffer<int>(Sentence.Ids(row).Length, Sentence.Ids(row)),
        Weights = new VBuffer<float>(Sentence.Ids(row).Length, [.. Sentence.Ids(row).Select(id => id / 8f)]),
    }).ToArray());

    private sealed class WeightedSentence
    {
        public VBuffer<int> Tokens { get; set; }

        public VBuffer<float> Weights { get; set; }
    }
}
