namespace MLNetExt.Cli.Data;

/// <summary>What the user said about the training data.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The column with the classes.</param>
/// <param name="Test">The rows to measure on.</param>
/// <param name="Ignored">Columns to leave out.</param>
/// <param name="Roles">Roles that the user decided.</param>
internal sealed record TrainingDataRequest(
    string Path,
    string Label,
    TestPart Test,
    IReadOnlyList<string> Ignored,
    IReadOnlyDictionary<string, ColumnRole> Roles);
