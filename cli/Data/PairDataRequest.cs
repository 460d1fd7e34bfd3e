namespace MLNetExt.Cli.Data;

/// <summary>What the user said about a file of pairs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Test">The rows to measure on.</param>
/// <param name="ImageFolder">Where image files are looked for.</param>
internal sealed record PairDataRequest(string Path, SideRequest Left, SideRequest Right, TestPart Test, string ImageFolder);
