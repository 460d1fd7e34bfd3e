namespace MLNetExt.Search;

/// <summary>A row of the index that a search found.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Score">Its similarity to the query.</param>
public readonly record struct Neighbor(string Id, float Score);
