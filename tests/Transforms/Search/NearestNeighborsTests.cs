using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Search;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Search;

[TestClass]
public sealed class NearestNeighborsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Point
    {
        public string Id { get; set; } = "";
        public long Number { get; set; }
        public double Real { get; set; }
        [KeyType(3)] public uint Key { get; set; }
        [VectorType(2)] public float[] Embedding { get; set; } = [];
    }

    private static Point[] Points() =>
    [
        new() { Id = "east", Number = long.MaxValue, Real = 0.5, Key = 2, Embedding = [1, 0] },
        new() { Id = "north", Number = -2, Real = 1e300, Key = 1, Embedding = [0, 3] },
        new() { Id = "nowhere", Number = 0, Real = 0, Key = 0, Embedding = [0, 0] },
        new() { Id = "west", Number = 4, Real = -1, Key = 1, Embedding = [-2, 0] },
    ];

    [TestMethod]
    public void Cosine_ignores_lengths_and_dot_product_counts_them()
    {
        FoundNeighbors[] cosine = Find(Search(SimilarityKind.Cosine), [3, 4], [0, 0], [-5, 0]);
        CollectionAssert.AreEqual(new[] { "north", "east", "nowhere", "west" }, cosine[0].NeighborIds);
        AreClose([0.8f, 0.6f, 0, -0.6f], cosine[0].NeighborScores);
        CollectionAssert.AreEqual(new[] { "east", "north", "nowhere", "west" }, cosine[1].NeighborIds, "all cosines of a zero vector are 0: the order of the index");
        CollectionAssert.AreEqual(new float[4], cosine[1].NeighborScores);
        CollectionAssert.AreEqual(new[] { "west", "north", "nowhere", "east" }, cosine[2].NeighborIds);

        FoundNeighbors dot = Find(Search(SimilarityKind.DotProduct), [[3, 4]])[0];
        CollectionAssert.AreEqual(new[] { "north", "east", "nowhere", "west" }, dot.NeighborIds);
        CollectionAssert.AreEqual(new float[] { 12, 3, 0, -6 }, dot.NeighborScores);
    }

    [TestMethod]
    [DataRow("Id", "north", "east")]
    [DataRow("Number", "-2", "9223372036854775807")]
    [DataRow("Real", "1E+300", "0.5")]
    [DataRow("Key", "2", "3")]
    [DataRow("Mapped", "north", "east")]
    public void Ids_of_every_type_become_text(string id, string first, string second)
    {
        IDataView points = _ml.Data.LoadFromEnumerable(Points());
        IDataView index = _ml.Transforms.Conversion.MapValueToKey("Mapped", "Id").Fit(points).Transform(points);
        using NearestNeighborsTransformer search = _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", index, id, "Embedding", 2).Fit(Queries([1, 2]));
        CollectionAssert.AreEqual(new[] { first, second }, Find(search, [[1, 2]])[0].NeighborIds);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_query_that_is_not_finite_finds_nothing_and_disturbs_no_other(float value)
    {
        using NearestNeighborsTransformer search = Search(SimilarityKind.Cosine);
        FoundNeighbors[] found = Find(search, [3, 4], [value, 1], [3, 4]);
        CollectionAssert.AreEqual(new[] { "", "", "", "" }, found[1].NeighborIds);
        Assert.IsTrue(found[1].NeighborScores.All(float.IsNaN));
        CollectionAssert.AreEqual(found[0].NeighborScores, found[2].NeighborScores);
        Assert.AreEqual("north", found[2].NeighborIds[0]);
        Assert.IsEmpty(search.Search([value, 1], 2));
    }

    [TestMethod]
    public void Rows_of_the_index_that_are_not_finite_are_left_out_with_a_warning()
    {
        Point[] points = Points();
        points[0].Embedding = [1, float.NaN];
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        using NearestNeighborsTransformer search = Fit(points, neighbors: 3);
        CollectionAssert.AreEqual(new[] { "north", "nowhere", "west" }, search.Ids.ToArray());
        Assert.ContainsSingle(m => m.Contains("1 of the index's 4 rows are left out: column 'Embedding'", StringComparison.Ordinal), messages);
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Fit(points, neighbors: 4)), "Neighbors is 4, but the index has 3 rows (1 more hold NaN");
    }

    [TestMethod]
    public void Search_finds_the_neighbours_of_one_query()
    {
        using NearestNeighborsTransformer search = Search(SimilarityKind.DotProduct);
        CollectionAssert.AreEqual(new Neighbor[] { new("north", 12), new("east", 3) }, search.Search([3, 4], 2));
        Assert.HasCount(4, search.Search([3, 4], 4));
        Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => search.Search([3, 4], 5)), "from 1 to the index's 4 rows");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => search.Search([3, 4], 0));
        Contains(Assert.ThrowsExactly<ArgumentException>(() => search.Search([3, 4, 5], 1)), "3 values, but the index's column 'Embedding' has 2");
        search.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => search.Search([3, 4], 1));
    }

    [TestMethod]
    public void A_query_of_another_width_is_refused_with_both_columns_named()
    {
        Query[] wide = [new() { Wanted = new float[Document.Dimension] }];
        IDataView queries = _ml.Data.LoadFromEnumerable(wide);
        var estimator = _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", _ml.Data.LoadFromEnumerable(Points()), "Id", "Embedding", 1);
        Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(queries)), "'Wanted' has 6 slots, but the index's column 'Embedding' has 2");
        using NearestNeighborsTransformer search = Search(SimilarityKind.Cosine);
        Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => search.Transform(queries)), "'Wanted' has 6 slots, but the index's column 'Embedding' has 2");
    }

    [TestMethod]
    [DataRow("Nothing", "Embedding", "no id column 'Nothing'")]
    [DataRow("Name", "Nothing", "no embedding column 'Nothing'")]
    [DataRow("Date", "Embedding", "id column 'Date' must be text, a key or a number")]
    [DataRow("Name", "Unsized", "embedding column 'Unsized' must be a vector of Single of known length")]
    [DataRow("Name", "Name", "embedding column 'Name' must be a vector of Single of known length")]
    public void Wrong_columns_of_the_index_are_named(string id, string embedding, string message)
    {
        IDataView index = _ml.Data.LoadFromEnumerable(Document.Some(20, seed: 1));
        Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", index, id, embedding).Fit(Queries([1, 2]))), message);
    }

    [TestMethod]
    [DataRow(256, 10, 256)]
    [DataRow(1 << 20, 10, (1 << 22) / 10)]
    [DataRow(1 << 20, 1 << 20, 4)]
    [DataRow(256, int.MaxValue, 1)]
    public void A_block_of_queries_is_smaller_where_each_asks_for_many_neighbours(int blockSize, int neighbors, int expected)
    {
        int rows = NearestNeighborsTransformer.RowsAtOnce(blockSize, neighbors);
        Assert.AreEqual(expected, rows);
        Assert.IsTrue((long)rows * neighbors <= int.MaxValue);
    }

    [TestMethod]
    public void A_row_without_an_id_is_named()
    {
        Point[] points = Points();
        points[2].Id = "";
        Contains(Assert.ThrowsExactly<InvalidDataException>(() => Fit(points, neighbors: 1)), "Row 2 of the index has no id in column 'Id'");
    }

    [TestMethod]
    public void Too_few_rows_are_refused()
    {
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Fit(Points(), neighbors: 5)), "Neighbors is 5, but the index has 4 rows: ask for fewer");
        Contains(Assert.ThrowsExactly<ArgumentException>(() => Fit([], neighbors: 1)), "Neighbors is 1, but the index has 0 rows");
    }

    [TestMethod]
    public void CancelExecution_stops_the_reading_of_the_index()
    {
        NearestNeighborsEstimator estimator = _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", _ml.Data.LoadFromEnumerable(Points()), "Id", "Embedding", 1);
        IDataView queries = Queries([1, 2]);
        _ml.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(() => estimator.Fit(queries));
    }

    [TestMethod]
    public void Options_that_cannot_be_used_are_named()
    {
        IDataView index = _ml.Data.LoadFromEnumerable(Points());
        foreach ((string name, Action<NearestNeighborsOptions> change) in new (string, Action<NearestNeighborsOptions>)[]
        {
            ("Index", o => o.Index = null),
            ("IdColumnName", o => o.IdColumnName = ""),
            ("IndexColumnName", o => o.IndexColumnName = " "),
            ("InputColumnName", o => o.InputColumnName = null!),
            ("OutputIdsColumnName", o => o.OutputIdsColumnName = ""),
            ("OutputScoresColumnName", o => o.OutputScoresColumnName = o.OutputIdsColumnName),
            ("Neighbors", o => o.Neighbors = 0),
            ("ScoringBlockSize", o => o.ScoringBlockSize = 0),
            ("ScoringBlockSize", o => o.ScoringBlockSize = int.MaxValue),
            ("Similarity", o => o.Similarity = (SimilarityKind)7),
        })
        {
            var options = new NearestNeighborsOptions { Index = index };
            change(options);
            Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.NearestNeighbors(options)), name);
        }
    }

    private NearestNeighborsTransformer Search(SimilarityKind similarity) => Fit(Points(), 4, similarity);

    private NearestNeighborsTransformer Fit(Point[] points, int neighbors, SimilarityKind similarity = SimilarityKind.Cosine) =>
        _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", _ml.Data.LoadFromEnumerable(points), "Id", "Embedding", neighbors, similarity).Fit(Queries([1, 2]));

    private FoundNeighbors[] Find(NearestNeighborsTransformer search, params float[][] queries) =>
        [.. _ml.Data.CreateEnumerable<FoundNeighbors>(search.Transform(Queries(queries)), reuseRowObject: false)];

    private IDataView Queries(params float[][] queries)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Query));
        schema["Wanted"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return _ml.Data.LoadFromEnumerable(queries.Select(q => new Query { Wanted = q }), schema);
    }

    private static void AreClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6f);
    }

    private static void Contains(Exception error, string part) => Assert.Contains(part, error.Message);
}
