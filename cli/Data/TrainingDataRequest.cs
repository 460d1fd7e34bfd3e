namespace MLNetExt.Cli.Data;

/// <summary>What the user said about the training data.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The column with the classes.</param>
/// <param name="SplitColumn">The column that tells test rows; null for none.</param>
/// <param name="TestPath">A file with the test rows; null for none.</param>
/// <param name="TestFraction">The share of rows to set aside for the test.</param>
/// <param name="Ignored">Columns to leave out.</param>
/// <param name="Roles">Roles that the user decided.</param>
internal sealed record TrainingDataRequest(
    string Path,
    string Label,
    string? SplitColumn,
    string? TestPath,
    double TestFraction,
    IReadOnlyList<string> Ignored,
    IReadOnlyDictionary<string, ColumnRole> Roles);
