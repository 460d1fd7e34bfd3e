namespace MLNetExt.Evaluation;

/// <summary>Where a number may lie, judged by the sample that it was measured on.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High);
