namespace MLNetExt.Cli.Models;

/// <summary>A column that a model reads.</summary>
internal sealed record ModelColumn(string Name, string Type);
