namespace MLNetExt.Cli.Models;

/// <summary>How a model does on one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Rows">Rows of the class.</param>
/// <param name="Predicted">Rows that were taken for it.</param>
/// <param name="Correct">Rows that were taken for it and are of it.</param>
internal sealed record ClassScore(string Class, long Rows, long Predicted, long Correct)
{
    /// <summary>The share of the rows taken for the class that are of it; null when none was.</summary>
    public double? Precision => Predicted > 0 ? (double)Correct / Predicted : null;

    /// <summary>The share of the class's rows that were taken for it; null when it has none.</summary>
    public double? Recall => Rows > 0 ? (double)Correct / Rows : null;
}
