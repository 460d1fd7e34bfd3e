namespace MLNetExt.Masking;

/// <summary>What counts when an id is predicted several times in one step.</summary>
public enum ImportanceMode
{
    /// <summary>The mean of its losses, by their weights.</summary>
    Mean,

    /// <summary>Its last loss, as the published program has it on a CPU.</summary>
    Last,
}
