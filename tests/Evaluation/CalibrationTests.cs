using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class CalibrationTests
{
    private const double Exact = 1e-12;

    // Confidences .8 (right), .6 (wrong), .9 (right); two bins: (0, .5] empty.
    private static readonly double[] ThreeRows = [0.8, 0.1, 0.1, 0.3, 0.6, 0.1, 0.05, 0.05, 0.9];
    private static readonly int[] ThreeLabels = [0, 0, 2];

    [TestMethod]
    public void Metrics_EqualHandComputedValues()
    {
        CalibrationMetrics metrics = Calibration.Evaluate<double>(ThreeRows, 3, ThreeLabels, bins: 4);

        // Bin (.5, .75]: accuracy 0, confidence .6. Bin (.75, 1]: accuracy 1, mean confidence .85.
        Assert.AreEqual((0.6 + 2 * 0.15) / 3, metrics.ExpectedCalibrationError, Exact);
        Assert.AreEqual(0.6, metrics.MaximumCalibrationError, Exact);
        // .04 + .01 + .01; .49 + .36 + .01; .0025 + .0025 + .01
        Assert.AreEqual((0.06 + 0.86 + 0.015) / 3, metrics.BrierScore, Exact);
        Assert.AreEqual(-(Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.9)) / 3, metrics.LogLoss, Exact);
        Assert.AreEqual(2.0 / 3, metrics.Accuracy, Exact);
        Assert.AreEqual((0.8 + 0.6 + 0.9) / 3, metrics.MeanConfidence, Exact);
        Assert.AreEqual(3, metrics.RowCount);
        CollectionAssert.AreEqual(
            new CalibrationBin[] { new(0, 0.25, 0, null, null), new(0.25, 0.5, 0, null, null), new(0.5, 0.75, 1, 0.6, 0) },
            metrics.Bins.Take(3).ToArray());
        Assert.AreEqual(2, metrics.Bins[3].Count);
        Assert.AreEqual(-0.15, metrics.Bins[3].Gap!.Value, Exact);
    }

    [TestMethod]
    public void FifteenBins_EqualHandComputedValues()
    {
        CalibrationMetrics metrics = Calibration.Evaluate<double>(ThreeRows, 3, ThreeLabels, bins: 15);

        // 15 x .8 = 12, .6 = 9, .9 = 13.5: each alone in its bin, the first two on an edge, so in the bin below it.
        CollectionAssert.AreEqual(new[] { 8, 11, 13 }, Enumerable.Range(0, 15).Where(i => metrics.Bins[i].Count == 1).ToArray());
        Assert.AreEqual((0.2 + 0.6 + 0.1) / 3, metrics.ExpectedCalibrationError, Exact);
    }

    [TestMethod]
    public void Confidence_OnAnEdge_BelongsToTheBinBelow_InEitherPrecision()
    {
        for (int bins = 1; bins <= 40; bins++)
        {
            for (int edge = (bins + 1) / 2; edge <= bins; edge++)
            {
                double p = (double)edge / bins;
                CalibrationMetrics inDouble = Calibration.EvaluateBinary<double>([p], [true], bins);
                CalibrationMetrics inSingle = Calibration.EvaluateBinary<float>([(float)p], [true], bins);
                Assert.AreEqual(1, inDouble.Bins[edge - 1].Count, $"{edge}/{bins} in double");
                Assert.AreEqual(1, inSingle.Bins[edge - 1].Count, $"{edge}/{bins} in single");
            }
        }
    }

    [TestMethod]
    public void Tie_PredictsTheLowerClass()
    {
        Assert.AreEqual(1, Calibration.Evaluate<double>([0.4, 0.4, 0.2], 3, [0]).Accuracy);
        Assert.AreEqual(0, Calibration.Evaluate<double>([0.4, 0.4, 0.2], 3, [1]).Accuracy);
        Assert.AreEqual(1, Calibration.EvaluateBinary<double>([0.5], [false]).Accuracy);
    }

    [TestMethod]
    public void ProbabilityZeroOfTheTrueClass_IsClipped()
    {
        CalibrationMetrics metrics = Calibration.Evaluate<float>([1, 0], 2, [1]);
        Assert.AreEqual(-Math.Log(1e-15), metrics.LogLoss, Exact);
        Assert.AreEqual(2, metrics.BrierScore, Exact);
        Assert.AreEqual(1, metrics.ExpectedCalibrationError, Exact);
    }

    [TestMethod]
    public void Binary_EqualsTwoClasses()
    {
        double[] positive = [0.9, 0.2, 0.5, 0.65];
        bool[] labels = [true, false, true, false];
        CalibrationMetrics binary = Calibration.EvaluateBinary<double>(positive, labels);
        CalibrationMetrics two = Calibration.Evaluate<double>(
            [.. positive.SelectMany(p => new[] { 1 - p, p })], 2, [.. labels.Select(label => label ? 1 : 0)]);

        MetricsAssert.AreEqual(two, binary, 0);
        double oneSided = positive.Zip(labels, (p, y) => Math.Pow(p - (y ? 1 : 0), 2)).Average();
        Assert.AreEqual(2 * oneSided, binary.BrierScore, Exact);
    }

    [TestMethod]
    public void MissingLabels_AreLeftOutAndCounted()
    {
        CalibrationMetrics all = Calibration.Evaluate<double>([.. ThreeRows, double.NaN, 0, 0], 3, [.. ThreeLabels, -1]);
        Assert.AreEqual(1, all.SkippedRows);
        Assert.AreEqual(3, all.RowCount);
        Assert.AreEqual(Calibration.Evaluate<double>(ThreeRows, 3, ThreeLabels).LogLoss, all.LogLoss);
    }

    [TestMethod]
    public void UnknownClass_CountsAsWrong()
    {
        var accumulator = new CalibrationAccumulator(2);
        accumulator.AddUnknownClass<double>([0.75, 0.25]);
        CalibrationMetrics metrics = accumulator.ToMetrics();
        Assert.AreEqual(0, metrics.Accuracy);
        Assert.AreEqual(0.5625 + 0.0625 + 1, metrics.BrierScore, Exact);
        Assert.AreEqual(-Math.Log(1e-15), metrics.LogLoss, Exact);
        Assert.AreEqual(1, metrics.UnknownClassRows);
    }

    [TestMethod]
    public void Softmax_RoundedJustAboveOne_StaysInTheLastBin()
    {
        CalibrationMetrics metrics = Calibration.Evaluate<float>([1.0000001f, 0], 2, [0]);
        Assert.AreEqual(1, metrics.Bins[^1].Count);
        Assert.AreEqual(1, metrics.MeanConfidence);
    }

    [TestMethod]
    public void NaN_NamesTheRowAndItsLikelyCause()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => Calibration.Evaluate<double>([0.5, 0.5, double.NaN, double.NaN], 2, [0, 1]));
        Assert.Contains("Row 1", exception.Message);
        Assert.Contains("NaN or infinity", exception.Message);
    }

    [TestMethod]
    [DataRow(double.PositiveInfinity, 0, "class 0")]
    [DataRow(1.5, -0.5, "class 0 has 1.5")]
    [DataRow(0.7, 0.7, "sum to 1.4")]
    [DataRow(0, 0, "sum to 0")]
    public void NotProbabilities_NamesTheRow(double first, double second, string finding)
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(
            () => Calibration.Evaluate<double>([0.5, 0.5, 0, 0, first, second], 2, [0, -1, 1]));
        Assert.Contains("Row 2", exception.Message);
        Assert.Contains(finding, exception.Message);
        Assert.Contains("LightGbm", exception.Message);
    }

    [TestMethod]
    public void RefusedRow_LeavesTheAccumulatorUnchanged()
    {
        var accumulator = new CalibrationAccumulator(2);
        accumulator.Add<double>([0.75, 0.25], 0);
        Assert.ThrowsExactly<ArgumentException>(() => accumulator.Add<double>([0.75, 0.75], 0));
        Assert.ThrowsExactly<ArgumentException>(() => accumulator.AddUnknownClass<double>([0.75, 0.75]));
        Assert.ThrowsExactly<ArgumentException>(() => accumulator.Add<double>([0.75, 0.25], 2));
        MetricsAssert.AreEqual(Calibration.Evaluate<double>([0.75, 0.25], 2, [0]), accumulator.ToMetrics(), 0);
    }

    [TestMethod]
    public void BadArguments_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Calibration.Evaluate<double>([0.5, 0.5, 1], 2, [0]));
        Assert.ThrowsExactly<ArgumentException>(() => Calibration.Evaluate<double>([0.5, 0.5], 2, [2]));
        Assert.ThrowsExactly<ArgumentException>(() => Calibration.EvaluateBinary<double>([0.5], []));
        Assert.ThrowsExactly<ArgumentException>(() => Calibration.EvaluateBinary<double>([double.NaN], [true]));
        Assert.ThrowsExactly<ArgumentException>(() => new CalibrationAccumulator(2).Add<double>([1], 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Calibration.Evaluate<double>([1], 1, [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Calibration.Evaluate<double>([1, 0], 2, [0], bins: 0));
    }

    [TestMethod]
    public void NoLabelledRow_IsRefused()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => Calibration.Evaluate<double>([], 2, []));
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => Calibration.Evaluate<double>([0.5, 0.5], 2, [-1]));
        Assert.Contains("1 rows", exception.Message);
    }
}
