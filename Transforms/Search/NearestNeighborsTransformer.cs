using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.Search;

/// <summary>Adds the ids and the similarities of each query's nearest neighbours in an index. Thread-safe; owns the index.</summary>
[LoadableComponent("MLNetExt.NearestNeighbors")]
public sealed class NearestNeighborsTransformer : BlockScoringTransformer, ILoadableTransformer<NearestNeighborsTransformer>
{
    /// <summary>Neighbours in memory at once; a block of queries is smaller where each asks for many.</summary>
    private const int MaxNeighborsAtOnce = 1 << 22;

    private readonly EmbeddingIndex _index;
    private readonly NearestNeighborsState _state;

    internal NearestNeighborsTransformer(EmbeddingIndex index, NearestNeighborsState state)
    {
        _index = index;
        _state = state;
    }

    /// <summary>The ids of the index's rows, in their order.</summary>
    public IReadOnlyList<string> Ids => _index.Ids;

    /// <summary>Values of an embedding of the index, and so of a query.</summary>
    public int Dimension => _index.Dimension;

    /// <summary>What the neighbours are ranked by.</summary>
    public SimilarityKind Similarity => _index.Similarity;

    /// <summary>The queries' column.</summary>
    public string InputColumnName => _state.InputColumnName;

    /// <summary>The neighbours that a query gets.</summary>
    public int Neighbors => _state.Neighbors;

    /// <inheritdoc/>
    protected override int BlockRows => RowsAtOnce(_state.ScoringBlockSize, _state.Neighbors);

    /// <inheritdoc/>
    public static NearestNeighborsTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        NearestNeighborsState state = reader.ReadState<NearestNeighborsState>();
        LibTorch.EnsureLoaded();
        EmbeddingIndex index = IndexFile.Read(reader, state.Similarity);
        try
        {
            state.Check(index.Ids.Length);
            return new NearestNeighborsTransformer(index, state);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>Finds the nearest neighbours of one query, without a data view.</summary>
    /// <param name="query">An embedding of <see cref="Dimension"/> values; for cosines it need not be of unit length.</param>
    /// <param name="k">How many neighbours, from 1 to the rows of the index.</param>
    /// <returns>The neighbours, scores from high to low, equal scores in the order of the index; none for a query with NaN or infinity.</returns>
    /// <exception cref="ArgumentException">The query is of another dimension, or <paramref name="k"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public Neighbor[] Search(ReadOnlySpan<float> query, int k)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (query.Length != Dimension)
            throw new ArgumentException(
                $"The query has {query.Length} values, but the index's column '{_state.IndexColumnName}' has {Dimension}.", nameof(query));
        if (k < 1 || k > Ids.Count)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"The number of neighbours must be from 1 to the index's {Ids.Count} rows.");
        if (_index.Search(query, k)[0] is not { } best)
            return [];
        var neighbors = new Neighbor[k];
        for (int i = 0; i < k; i++)
            neighbors[i] = new Neighbor(_index.Ids[best.Rows[i]], best.Scores[i]);
        return neighbors;
    }

    /// <summary>Queries that are searched for at once: at least 1, and at most the block size.</summary>
    internal static int RowsAtOnce(int scoringBlockSize, int neighbors) => Math.Clamp(MaxNeighborsAtOnce / neighbors, 1, scoringBlockSize);

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        writer.WriteState(_state);
        IndexFile.Write(writer, _index);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new NearestNeighborsScorer(_index, _state, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _index.Dispose();
        base.Dispose(disposing);
    }
}
