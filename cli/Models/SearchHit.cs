namespace MLNetExt.Cli.Models;

/// <summary>A row that a search found.</summary>
/// <param name="Row">Its number in the file, from 0.</param>
/// <param name="Score">The cosine of its embedding and the query's.</param>
/// <param name="Columns">The copied columns by name.</param>
internal sealed record SearchHit(long Row, double Score, IReadOnlyDictionary<string, string> Columns);
