namespace MLNetExt.Tests.Contract;

/// <summary>A row for a classifier.</summary>
public interface IClassRow
{
    /// <summary>The class; empty for a missing label.</summary>
    string Class { get; set; }
}
