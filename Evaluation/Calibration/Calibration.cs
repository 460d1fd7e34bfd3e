using System.Numerics;

namespace MLNetExt.Evaluation;

/// <summary>Calibration of predicted class probabilities, as pure functions of arrays.</summary>
/// <remarks>
/// Confidence is the largest probability of a row (ties: the lower class). Expected calibration error as in Guo et al.,
/// "On Calibration of Modern Neural Networks" (arXiv 1706.04599): equal-width bins (lo, hi], ECE = Σ_b (n_b/N)·|acc_b - conf_b|.
/// </remarks>
public static class Calibration
{
    /// <summary>Number of bins when none is given: 10, as in the code of Squentropy's first author.</summary>
    public const int DefaultBins = 10;

    /// <summary>Evaluates the probabilities of N rows over C classes.</summary>
    /// <param name="probabilities">N x C probabilities, row by row; each row sums to 1 (within 1e-3).</param>
    /// <param name="classCount">C, at least 2.</param>
    /// <param name="labels">N class indices in [0, C); negative = label missing, the row is left out and counted.</param>
    /// <param name="bins">Number of equal-width confidence bins, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, a row that is not a distribution, a label not below C.</exception>
    /// <exception cref="InvalidOperationException">No row has a label.</exception>
    public static CalibrationMetrics Evaluate<T>(
        ReadOnlySpan<T> probabilities, int classCount, ReadOnlySpan<int> labels, int bins = DefaultBins)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var accumulator = new CalibrationAccumulator(classCount, bins);
        if (probabilities.Length != (long)labels.Length * classCount)
            throw new ArgumentException(
                $"{labels.Length} labels of {classCount} classes need {(long)labels.Length * classCount} probabilities, not {probabilities.Length}.",
                nameof(probabilities));
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0)
                accumulator.AddMissingLabel();
            else
                accumulator.Add(probabilities.Slice(row * classCount, classCount), labels[row]);
        }
        return accumulator.ToMetrics();
    }

    /// <summary>Evaluates the probabilities of the positive class of N rows, as two classes: negative (0) and positive (1).</summary>
    /// <param name="probabilities">N probabilities of the positive class, in [0, 1].</param>
    /// <param name="labels">N labels, true = positive.</param>
    /// <param name="bins">Number of equal-width confidence bins, at least 1; confidence max(p, 1 - p) is never below 0.5.</param>
    /// <exception cref="ArgumentException">Lengths that differ, or a probability outside [0, 1].</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static CalibrationMetrics EvaluateBinary<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<bool> labels, int bins = DefaultBins)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (probabilities.Length != labels.Length)
            throw new ArgumentException(
                $"{labels.Length} labels need as many probabilities, not {probabilities.Length}.", nameof(probabilities));
        var accumulator = new CalibrationAccumulator(2, bins);
        var row = new T[2];
        for (int i = 0; i < labels.Length; i++)
        {
            row[0] = T.One - probabilities[i];
            row[1] = probabilities[i];
            accumulator.Add<T>(row, labels[i] ? 1 : 0);
        }
        return accumulator.ToMetrics();
    }
}
