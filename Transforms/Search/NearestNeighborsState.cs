namespace MLNetExt.Search;

/// <summary>What a saved search holds beside the index's embeddings and ids.</summary>
internal sealed record NearestNeighborsState(
    string IndexColumnName,
    string InputColumnName,
    string OutputIdsColumnName,
    string OutputScoresColumnName,
    int Neighbors,
    SimilarityKind Similarity,
    int ScoringBlockSize)
{
    public static NearestNeighborsState Of(NearestNeighborsOptions options) => new(
        options.IndexColumnName,
        options.InputColumnName,
        options.OutputIdsColumnName,
        options.OutputScoresColumnName,
        options.Neighbors,
        options.Similarity,
        options.ScoringBlockSize);

    /// <summary>Makes sure that the state was not damaged or made up.</summary>
    /// <exception cref="InvalidDataException">A value is out of range.</exception>
    public void Check(int rows)
    {
        Require(InputColumnName.Length > 0, nameof(InputColumnName));
        Require(OutputIdsColumnName.Length > 0, nameof(OutputIdsColumnName));
        Require(OutputScoresColumnName.Length > 0 && OutputScoresColumnName != OutputIdsColumnName, nameof(OutputScoresColumnName));
        Require(Neighbors >= 1 && Neighbors <= rows, nameof(Neighbors));
        Require(ScoringBlockSize is >= 1 and <= NearestNeighborsOptions.MaxScoringBlockSize, nameof(ScoringBlockSize));
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
