using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Search;

/// <summary>Searches for the neighbours of blocks of queries.</summary>
internal sealed class NearestNeighborsScorer : BlockScorer
{
    private readonly EmbeddingIndex _index;
    private readonly int _neighbors;

    /// <exception cref="ArgumentOutOfRangeException">The queries' column is missing, of the wrong type, or of another width than the index.</exception>
    public NearestNeighborsScorer(EmbeddingIndex index, NearestNeighborsState state, DataViewSchema inputSchema)
        : base(inputSchema, [BatchColumn.Vector(state.InputColumnName, VectorLayout.Dense)], Columns(state))
    {
        _index = index;
        _neighbors = state.Neighbors;
        if (Inputs[0].Width != index.Dimension)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Column '{state.InputColumnName}' has {Inputs[0].Width} slots, but the index's column '{state.IndexColumnName}' has {index.Dimension}: "
                + "queries and index must be embeddings of one model.");
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        BestNeighbors?[] best = _index.Search(MemoryMarshal.Cast<byte, float>(batch[Inputs[0].Name].bytes), _neighbors);
        int size = checked(best.Length * _neighbors);
        var ids = new ReadOnlyMemory<char>[size];
        var scores = new float[size];
        Array.Fill(scores, float.NaN);
        for (int i = 0; i < best.Length; i++)
        {
            if (best[i] is not { } found)
                continue;
            found.Scores.CopyTo(scores.AsSpan(i * _neighbors));
            for (int j = 0; j < _neighbors; j++)
                ids[i * _neighbors + j] = _index.Ids[found.Rows[j]].AsMemory();
        }
        return [ScoredColumn.TextVectors(ids, _neighbors), ScoredColumn.Vectors(scores, _neighbors)];
    }

    private static DataViewSchema.DetachedColumn[] Columns(NearestNeighborsState state) =>
    [
        new(state.OutputIdsColumnName, new VectorDataViewType(TextDataViewType.Instance, state.Neighbors)),
        new(state.OutputScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, state.Neighbors)),
    ];
}
