namespace MLNetExt.Cli.Models;

/// <summary>What was found for a query.</summary>
/// <param name="Query">The query: its text, its file, or its row.</param>
/// <param name="Hits">The nearest rows, nearest first; none when the query has no embedding.</param>
internal sealed record SearchResult(string Query, IReadOnlyList<SearchHit> Hits);
