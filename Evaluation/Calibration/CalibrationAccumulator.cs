using System.Globalization;
using System.Numerics;

namespace MLNetExt.Evaluation;

/// <summary>Calibration metrics of rows that come one at a time: one pass, memory for the bins alone, no allocation a row.</summary>
/// <remarks>Not thread-safe. After a row is refused with an exception the accumulator is as it was before that row.</remarks>
public sealed class CalibrationAccumulator
{
    /// <summary>How far a row's sum may be from 1: single-precision softmax over many classes stays well inside it.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>ML.NET's clip, so that <see cref="CalibrationMetrics.LogLoss"/> agrees with its evaluator.</summary>
    private const double SmallestProbability = 1e-15;

    private readonly int _classCount;
    private readonly string _source;
    private readonly BinSums[] _bins;
    private double _squaredError;
    private double _logLoss;
    private long _rows;
    private long _skipped;
    private long _unknown;

    private struct BinSums
    {
        public long Count;
        public long Correct;
        public double Confidence;
    }

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">Number of classes, at least 2.</param>
    /// <param name="bins">Number of equal-width confidence bins, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 classes or fewer than 1 bin.</exception>
    public CalibrationAccumulator(int classCount, int bins = Calibration.DefaultBins)
        : this(classCount, bins, "the probabilities")
    {
    }

    internal CalibrationAccumulator(int classCount, int bins, string source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        _classCount = classCount;
        _bins = new BinSums[bins];
        _source = source;
    }

    private long NextRow => _rows + _skipped;

    /// <summary>Adds a row.</summary>
    /// <param name="probabilities">One probability a class; their sum is 1 (within 1e-3).</param>
    /// <param name="label">The true class, in [0, number of classes).</param>
    /// <exception cref="ArgumentException">Not a distribution over the classes, or a label outside them; names the row (0-based).</exception>
    public void Add<T>(ReadOnlySpan<T> probabilities, int label)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if ((uint)label >= (uint)_classCount)
            throw new ArgumentException($"Row {NextRow}: label {label} is not one of the {_classCount} classes (0 to {_classCount - 1}).", nameof(label));
        AddRow(probabilities, label);
    }

    /// <summary>Adds a row of a class the model does not know: predicted wrong, the probability of its class taken as 0.</summary>
    /// <param name="probabilities">One probability a class the model knows; their sum is 1 (within 1e-3).</param>
    /// <exception cref="ArgumentException">Not a distribution over the classes; names the row (0-based).</exception>
    public void AddUnknownClass<T>(ReadOnlySpan<T> probabilities)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        AddRow(probabilities, label: -1);
        _unknown++;
    }

    /// <summary>Counts a row without a label; it enters no metric.</summary>
    public void AddMissingLabel() => _skipped++;

    /// <summary>The metrics of the rows so far.</summary>
    /// <exception cref="InvalidOperationException">No row with a label was added.</exception>
    public CalibrationMetrics ToMetrics()
    {
        if (_rows == 0)
            throw new InvalidOperationException(
                $"Calibration needs at least one row with a label; there were {_skipped} rows, all of them without one.");

        var table = new CalibrationBin[_bins.Length];
        double expected = 0, maximum = 0, confidence = 0;
        long correct = 0;
        for (int i = 0; i < _bins.Length; i++)
        {
            BinSums sums = _bins[i];
            table[i] = sums.Count == 0
                ? new(Edge(i), Edge(i + 1), 0, null, null)
                : new(Edge(i), Edge(i + 1), sums.Count, sums.Confidence / sums.Count, (double)sums.Correct / sums.Count);
            double gap = Math.Abs(table[i].Gap ?? 0);
            expected += gap * sums.Count / _rows;
            maximum = Math.Max(maximum, gap);
            confidence += sums.Confidence;
            correct += sums.Correct;
        }
        return new CalibrationMetrics
        {
            ExpectedCalibrationError = expected,
            MaximumCalibrationError = maximum,
            BrierScore = _squaredError / _rows,
            LogLoss = _logLoss / _rows,
            Accuracy = (double)correct / _rows,
            MeanConfidence = confidence / _rows,
            RowCount = _rows,
            SkippedRows = _skipped,
            UnknownClassRows = _unknown,
            Bins = table,
        };
    }

    private void AddRow<T>(ReadOnlySpan<T> probabilities, int label)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (probabilities.Length != _classCount)
            throw new ArgumentException($"Row {NextRow}: {probabilities.Length} probabilities for {_classCount} classes.", nameof(probabilities));

        double sum = 0, squares = 0;
        T largest = T.NegativeInfinity;
        int predicted = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            T value = probabilities[i];
            double p = double.CreateTruncating(value);
            if (double.IsNaN(p))
                throw new ArgumentException(
                    $"Row {NextRow}: {_source} is NaN. A model gives such scores to rows whose features hold NaN or infinity: mend or leave out those rows before evaluating.");
            if (!(p >= -SumTolerance && p <= 1 + SumTolerance))
                throw NotProbabilities(string.Create(CultureInfo.InvariantCulture, $"class {i} has {p:G6}"));
            if (value > largest)
            {
                largest = value;
                predicted = i;
            }
            sum += p;
            squares += p * p;
        }
        if (Math.Abs(sum - 1) > SumTolerance)
            throw NotProbabilities(string.Create(CultureInfo.InvariantCulture, $"the {_classCount} values sum to {sum:G6}, not 1"));

        double probability = label >= 0 ? double.CreateTruncating(probabilities[label]) : 0;
        ref BinSums bin = ref _bins[BinOf(largest)];
        bin.Count++;
        bin.Confidence += Math.Min(1, double.CreateTruncating(largest));
        if (predicted == label)
            bin.Correct++;
        // Σ_j (p_j - y_j)², without a second pass over the classes.
        _squaredError += squares - 2 * probability + 1;
        _logLoss -= Math.Log(Math.Clamp(probability, SmallestProbability, 1));
        _rows++;
    }

    private double Edge(int index) => (double)index / _bins.Length;

    /// <summary>The bin (lo, hi] of a confidence. Edges are compared in the precision of the probabilities: 0.3f is on the edge 0.3.</summary>
    private int BinOf<T>(T confidence)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        int last = _bins.Length - 1;
        int bin = Math.Clamp((int)Math.Ceiling(double.CreateTruncating(confidence) * _bins.Length) - 1, 0, last);
        // The product above is rounded: step to the neighbour when the comparison with the edge itself says so.
        if (bin < last && confidence > T.CreateTruncating(Edge(bin + 1)))
            return bin + 1;
        if (bin > 0 && confidence <= T.CreateTruncating(Edge(bin)))
            return bin - 1;
        return bin;
    }

    private ArgumentException NotProbabilities(string finding) => new(
        $"Row {NextRow}: {_source} must be class probabilities, each in [0, 1] with sum 1 (within {SumTolerance.ToString(CultureInfo.InvariantCulture)}), but {finding}. " +
        "Margins and other raw scores cannot be evaluated for calibration; use a trainer whose Score is a probability " +
        "(Squentropy, LightGbm, SdcaMaximumEntropy, LbfgsMaximumEntropy, OneVersusAll of calibrated binary trainers), or a calibrator.");
}
