namespace MLNetExt.Training;

/// <summary>A validation result.</summary>
/// <param name="Name">The metric's name, such as "LogLoss".</param>
/// <param name="Value">Its value.</param>
/// <param name="HigherIsBetter">Whether higher values are better.</param>
public sealed record ValidationMetric(string Name, double Value, bool HigherIsBetter)
{
    internal bool IsBetterThan(ValidationMetric other) =>
        !double.IsNaN(Value) && (double.IsNaN(other.Value) || (HigherIsBetter ? Value > other.Value : Value < other.Value));
}
