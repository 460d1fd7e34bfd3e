using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Search;

/// <summary>The options of <see cref="NearestNeighborsEstimator"/>. Fit reads them and never changes them.</summary>
public sealed class NearestNeighborsOptions
{
    internal const int MaxScoringBlockSize = 1 << 20;

    /// <summary>The rows to search among; they are read once, by Fit, and stored in the model.</summary>
    [JsonIgnore]
    public IDataView? Index { get; set; }

    /// <summary>The index's ids: a text, key or number column. Rows may share an id.</summary>
    public string IdColumnName { get; set; } = "Id";

    /// <summary>The index's embeddings: a vector of Single of known length.</summary>
    public string IndexColumnName { get; set; } = "Embedding";

    /// <summary>The queries' embeddings: a vector of Single as long as the index's.</summary>
    public string InputColumnName { get; set; } = "Embedding";

    /// <summary>The column to add for the neighbours' ids: a vector of text.</summary>
    public string OutputIdsColumnName { get; set; } = "NeighborIds";

    /// <summary>The column to add for the neighbours' similarities: a vector of Single.</summary>
    public string OutputScoresColumnName { get; set; } = "NeighborScores";

    /// <summary>How many neighbours each query gets; from 1 to the rows of the index.</summary>
    public int Neighbors { get; set; } = 10;

    /// <summary>What the neighbours are ranked by.</summary>
    [Choice(SimilarityKind.Cosine, SimilarityKind.DotProduct)]
    public SimilarityKind Similarity { get; set; } = SimilarityKind.Cosine;

    /// <summary>Queries that are searched for at once, 1 to 1,048,576; fewer where each asks for so many neighbours that memory would run out.</summary>
    public int ScoringBlockSize { get; set; } = 256;

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Index);
        ArgumentException.ThrowIfNullOrWhiteSpace(IdColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(IndexColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(InputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(OutputIdsColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(OutputScoresColumnName);
        if (OutputIdsColumnName == OutputScoresColumnName)
            throw new ArgumentException($"{nameof(OutputIdsColumnName)} and {nameof(OutputScoresColumnName)} must differ, but both are '{OutputIdsColumnName}'.", nameof(OutputScoresColumnName));
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ScoringBlockSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ScoringBlockSize, MaxScoringBlockSize);
        if (!Enum.IsDefined(Similarity))
            throw new ArgumentOutOfRangeException(nameof(Similarity), Similarity, $"{nameof(Similarity)} must be one of the similarities.");
    }
}
