using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Search;

namespace MLNetExt.Cli.Models;

/// <summary>Embedded rows among which the nearest to a query are found.</summary>
internal sealed class SearchIndex : IDisposable
{
    private readonly NearestNeighborsTransformer _search;
    private readonly Dictionary<string, SearchHit> _rows;

    private SearchIndex(NearestNeighborsTransformer search, Dictionary<string, SearchHit> rows, long leftOut) => (_search, _rows, LeftOut) = (search, rows, leftOut);

    /// <summary>The rows to search among.</summary>
    public int Count => _rows.Count;

    /// <summary>Rows without an embedding, which are never found.</summary>
    public long LeftOut { get; }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="UserErrorException">No row has an embedding.</exception>
    public static SearchIndex Read(MLContext ml, EmbeddedRows embedded, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        var rows = new Dictionary<string, SearchHit>();
        VectorRows vectors = embedded.Vectors;
        long row = 0;
        vectors.ForEach(
            embedded.CopiedNames,
            (texts, vector) =>
            {
                string id = row.ToString(CultureInfo.InvariantCulture);
                if (!float.IsNaN(vector[0]))
                {
                    entries.Add(new Entry { Id = id, Embedding = vector.ToArray() });
                    var columns = new Dictionary<string, string>();
                    for (int i = 0; i < texts.Length; i++)
                        columns[embedded.Copied[i].Source] = texts[i].ToString();
                    rows[id] = new SearchHit(row, double.NaN, columns);
                }

                row++;
            },
            cancellation);
        if (entries.Count == 0)
            throw new UserErrorException(row == 0 ? "There are no rows to search among." : "No row to search among has an embedding.");

        var definition = SchemaDefinition.Create(typeof(Entry));
        definition[nameof(Entry.Embedding)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, vectors.Width);
        IDataView index = ml.Data.LoadFromEnumerable(entries, definition);
        NearestNeighborsTransformer search = ml.Transforms
            .NearestNeighbors("NeighborIds", "NeighborScores", nameof(Entry.Embedding), index, nameof(Entry.Id), nameof(Entry.Embedding), neighbors: 1).Fit(index);
        return new SearchIndex(search, rows, row - entries.Count);
    }

    /// <summary>The nearest rows, nearest first.</summary>
    /// <param name="query">An embedding.</param>
    /// <param name="top">How many, at most.</param>
    public IReadOnlyList<SearchHit> Search(ReadOnlySpan<float> query, int top) =>
        [.. _search.Search(query, Math.Min(top, Count)).Select(n => _rows[n.Id] with { Score = n.Score })];

    public void Dispose() => _search.Dispose();

    private sealed class Entry
    {
        public string Id { get; set; } = "";

        public float[] Embedding { get; set; } = [];
    }
}
