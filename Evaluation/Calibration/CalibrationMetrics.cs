namespace MLNetExt.Evaluation;

/// <summary>
/// How far a classifier's probabilities can be believed. Errors, accuracy and confidences are fractions in [0, 1];
/// multiply by 100 for the per cent that papers print.
/// </summary>
public sealed class CalibrationMetrics
{
    internal CalibrationMetrics()
    {
    }

    /// <summary>
    /// Expected calibration error (ECE), in [0, 1]: the mean over rows of |accuracy - mean confidence| of the row's bin.
    /// </summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>Maximum calibration error (MCE), in [0, 1]: the largest |accuracy - mean confidence| of a bin that holds rows.</summary>
    public required double MaximumCalibrationError { get; init; }

    /// <summary>
    /// Brier score, in [0, 2]: the mean over rows of the sum over ALL classes of (probability - truth)², truth being 1 for the
    /// row's class and 0 for the others. For two classes it is twice the one-sided (p - y)².
    /// </summary>
    public required double BrierScore { get; init; }

    /// <summary>
    /// Negative log-likelihood (NLL) in nats: the mean over rows of -ln(probability of the row's class), the probability clipped to
    /// [1e-15, 1] as ML.NET clips it.
    /// </summary>
    public required double LogLoss { get; init; }

    /// <summary>Fraction of rows whose most probable class is the true one (ML.NET's micro-accuracy), in [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean over rows of the largest probability, in [0, 1]. Above <see cref="Accuracy"/>: over-confident on the whole.</summary>
    public required double MeanConfidence { get; init; }

    /// <summary>Number of rows that were evaluated.</summary>
    public required long RowCount { get; init; }

    /// <summary>Number of rows left out because their label is missing.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>
    /// Number of evaluated rows whose class has no probability because the model does not know it. As in ML.NET's evaluator they
    /// count as predicted wrong, with the probability of their class taken as 0.
    /// </summary>
    public required long UnknownClassRows { get; init; }

    /// <summary>The reliability table: one entry a bin, by increasing confidence, empty bins included.</summary>
    public required IReadOnlyList<CalibrationBin> Bins { get; init; }
}
