namespace MLNetExt.Cli.Data;

/// <summary>Which rows the user wants to be kept from training, to measure the model on. At most one of the three is given.</summary>
/// <param name="SplitColumn">The column that tells test rows; null for none.</param>
/// <param name="Path">A file with the test rows; null for none.</param>
/// <param name="Fraction">The share of rows to set aside.</param>
internal sealed record TestPart(string? SplitColumn, string? Path, double Fraction);
