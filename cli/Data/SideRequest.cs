namespace MLNetExt.Cli.Data;

/// <summary>What the user said about one side of the pairs.</summary>
/// <param name="Option">The option that names its columns.</param>
/// <param name="Columns">That option's value: a column, or several with commas between them.</param>
/// <param name="Kind">What the columns are; null to find out.</param>
internal sealed record SideRequest(string Option, string Columns, SideKind? Kind);
