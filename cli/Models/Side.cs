namespace MLNetExt.Cli.Models;

/// <summary>A side of a two-tower model.</summary>
internal enum Side
{
    Left,
    Right,
}
