using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluateRetrievalTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Pair
    {
        [VectorType(2)] public float[] LeftEmbedding { get; set; } = [];
        [VectorType(2)] public float[] RightEmbedding { get; set; } = [];
        [VectorType(3)] public float[] Wider { get; set; } = [0, 0, 0];
        [VectorType] public float[] Unsized { get; set; } = [];
        [VectorType(2)] public double[] Doubles { get; set; } = [0, 0];
        public string Caption { get; set; } = "";
        public long Number { get; set; }
        public float Single { get; set; }
        public DateTime Date { get; set; }
    }

    // Cosines of left 0 to 3 and right 0 to 3; rights 0 and 1 share a caption.
    private static Pair[] Rows() =>
    [
        new() { LeftEmbedding = [2, 0], RightEmbedding = [0, 1], Caption = "a", Number = long.MaxValue, Single = 1 },
        new() { LeftEmbedding = [0, 3], RightEmbedding = [1, 0], Caption = "a", Number = long.MaxValue, Single = 1 },
        new() { LeftEmbedding = [1, 2], RightEmbedding = [1, 1], Caption = "", Number = long.MaxValue - 1, Single = float.NaN },
        new() { LeftEmbedding = [2, 1], RightEmbedding = [1, 1], Caption = "", Number = long.MaxValue - 2, Single = float.NaN },
        new() { LeftEmbedding = [float.NaN, 1], RightEmbedding = [1, 1], Caption = "a", Number = 7, Single = 1 },
    ];

    [TestMethod]
    public void EqualsThePureFunction()
    {
        Pair[] rows = Rows();
        RetrievalMetrics expected = Retrieval.Evaluate([.. rows.SelectMany(r => r.LeftEmbedding)], [.. rows.SelectMany(r => r.RightEmbedding)], 2, default, 2, 3);
        RetrievalMetrics actual = _ml.Contrastive.EvaluateRetrieval(Data(), at: [2, 3]);
        AreEqual(expected, actual);
        Assert.AreEqual(1, actual.RowsLeftOut);
        Assert.AreEqual(4, actual.RightToLeft.Queries);
    }

    [TestMethod]
    [DataRow("Caption")]
    [DataRow("Number")]
    [DataRow("Single")]
    [DataRow("Key")]
    public void RowsOfAGroup_MatchEachOther(string group)
    {
        Pair[] rows = Rows();
        RetrievalMetrics expected = Retrieval.Evaluate(
            [.. rows.SelectMany(r => r.LeftEmbedding)], [.. rows.SelectMany(r => r.RightEmbedding)], 2, [0, 0, -1, -1, 0]);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", "Caption").Fit(Data()).Transform(Data());
        RetrievalMetrics actual = _ml.Contrastive.EvaluateRetrieval(data, groupColumnName: group);
        AreEqual(expected, actual);
        Assert.IsGreaterThan(_ml.Contrastive.EvaluateRetrieval(data).RecallAt[1], actual.RecallAt[1], "the group was not used");
    }

    [TestMethod]
    public void OtherColumns_CanBeNamed()
    {
        RetrievalMetrics expected = _ml.Contrastive.EvaluateRetrieval(Data()), actual = _ml.Contrastive.EvaluateRetrieval(Data(), "RightEmbedding", "LeftEmbedding");
        Assert.AreEqual(expected.LeftToRight.MeanReciprocalRank, actual.RightToLeft.MeanReciprocalRank);
        CollectionAssert.AreEqual(new[] { 1, 5, 10 }, actual.RecallAt.Keys.ToArray());
    }

    [TestMethod]
    [DataRow("Nothing", "RightEmbedding", null, "no left column 'Nothing'; it has 'LeftEmbedding'")]
    [DataRow("LeftEmbedding", "Nothing", null, "no right column 'Nothing'")]
    [DataRow("LeftEmbedding", "RightEmbedding", "Nothing", "no group column 'Nothing'")]
    [DataRow("Caption", "RightEmbedding", null, "left column 'Caption' must be a vector of Single of known length")]
    [DataRow("Unsized", "RightEmbedding", null, "left column 'Unsized' must be a vector of Single of known length")]
    [DataRow("LeftEmbedding", "Doubles", null, "right column 'Doubles' must be a vector of Single of known length")]
    [DataRow("LeftEmbedding", "Wider", null, "'LeftEmbedding' holds embeddings of dimension 2 and the right column 'Wider' of dimension 3")]
    [DataRow("LeftEmbedding", "RightEmbedding", "Date", "group column 'Date' must be text, a key or a number")]
    [DataRow("LeftEmbedding", "RightEmbedding", "Wider", "group column 'Wider' must be text, a key or a number")]
    public void WrongColumns_AreNamed(string left, string right, string? group, string message) => Assert.Contains(
        message, Assert.ThrowsExactly<ArgumentException>(() => _ml.Contrastive.EvaluateRetrieval(Data(), left, right, group)).Message);

    [TestMethod]
    public void NothingToEvaluate_IsAnError()
    {
        IDataView empty = _ml.Data.LoadFromEnumerable(Array.Empty<Pair>());
        Assert.Contains(
            "no rows in columns 'LeftEmbedding' and 'RightEmbedding'",
            Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Contrastive.EvaluateRetrieval(empty)).Message);
        IDataView missing = _ml.Data.LoadFromEnumerable(Rows()[4..]);
        Assert.Contains(
            "all 1 rows of columns 'LeftEmbedding' and 'RightEmbedding'",
            Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Contrastive.EvaluateRetrieval(missing)).Message);
        Assert.Contains(
            "k of at least 1",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Contrastive.EvaluateRetrieval(Data(), at: [5, 0])).Message);
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Rows());

    private static void AreEqual(RetrievalMetrics expected, RetrievalMetrics actual)
    {
        CollectionAssert.AreEqual(expected.LeftToRight.RecallAt.ToArray(), actual.LeftToRight.RecallAt.ToArray());
        CollectionAssert.AreEqual(expected.RightToLeft.RecallAt.ToArray(), actual.RightToLeft.RecallAt.ToArray());
        Assert.AreEqual(expected.MedianRank, actual.MedianRank);
        Assert.AreEqual(expected.MeanReciprocalRank, actual.MeanReciprocalRank);
        Assert.AreEqual(expected.RowsLeftOut, actual.RowsLeftOut);
    }
}
