using FsCheck;
using FsCheck.Fluent;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class CalibrationPropertyTests
{
    private sealed record Predictions(double[] Probabilities, int Classes, int[] Labels, int Bins)
    {
        public CalibrationMetrics Evaluate() => Calibration.Evaluate<double>(Probabilities, Classes, Labels, Bins);

        public override string ToString() => $"{Labels.Length} rows, {Classes} classes, {Bins} bins";
    }

    private static readonly Arbitrary<Predictions> AnyPredictions = (
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from classes in Gen.Choose(2, 12)
        from rows in Gen.Choose(1, 200)
        from bins in Gen.Choose(1, 30)
        from sharpness in Gen.Choose(0, 8)
        select Draw(new Random(seed), classes, rows, bins, sharpness)).ToArbitrary();

    private static readonly Config Checks = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260101, 1);

    [TestMethod]
    public void ExpectedError_IsAtMostTheMaximum_AndBoundsHold() => Prop.ForAll(AnyPredictions, predictions =>
    {
        CalibrationMetrics metrics = predictions.Evaluate();
        return metrics.ExpectedCalibrationError <= metrics.MaximumCalibrationError + 1e-12
            && metrics.ExpectedCalibrationError >= Math.Abs(metrics.Accuracy - metrics.MeanConfidence) - 1e-12
            && metrics.MaximumCalibrationError <= 1
            && metrics.BrierScore is >= 0 and <= 2 + 1e-12
            && metrics.LogLoss >= 0;
    }).Check(Checks);

    [TestMethod]
    public void Bins_CountEachRowOnce_AndTileTheUnitInterval() => Prop.ForAll(AnyPredictions, predictions =>
    {
        CalibrationMetrics metrics = predictions.Evaluate();
        return metrics.Bins.Sum(bin => bin.Count) == predictions.Labels.Length
            && metrics.RowCount == predictions.Labels.Length
            && metrics.Bins[0].Lower == 0 && metrics.Bins[^1].Upper == 1
            && metrics.Bins.Zip(metrics.Bins.Skip(1)).All(pair => pair.First.Upper == pair.Second.Lower)
            && metrics.Bins.All(bin => bin.MeanConfidence is not { } mean || (mean > bin.Lower - 1e-12 && mean <= bin.Upper + 1e-12));
    }).Check(Checks);

    [TestMethod]
    public void Order_OfRows_DoesNotMatter() => Prop.ForAll(AnyPredictions, predictions =>
    {
        int[] order = [.. Enumerable.Range(0, predictions.Labels.Length)];
        new Random(7).Shuffle(order);
        var shuffled = predictions with
        {
            Probabilities = [.. order.SelectMany(row => predictions.Probabilities.Skip(row * predictions.Classes).Take(predictions.Classes))],
            Labels = [.. order.Select(row => predictions.Labels[row])],
        };
        MetricsAssert.AreEqual(predictions.Evaluate(), shuffled.Evaluate(), 1e-12);
    }).Check(Checks);

    [TestMethod]
    public void OneBin_IsTheGapOfMeans() => Prop.ForAll(AnyPredictions, predictions =>
    {
        CalibrationMetrics metrics = (predictions with { Bins = 1 }).Evaluate();
        return Math.Abs(metrics.ExpectedCalibrationError - Math.Abs(metrics.Accuracy - metrics.MeanConfidence)) < 1e-12;
    }).Check(Checks);

    /// <summary>
    /// Labels are drawn from the predicted distributions. With N rows in 10 bins, E|acc - conf| of a bin of n rows is at most
    /// 0.5/sqrt(n), so E[ECE] is at most 0.5·sqrt(10/N) = 0.0112 for N = 20,000 (Cauchy-Schwarz); the bound tested is three times that.
    /// </summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void PerfectlyCalibratedPredictions_HaveASmallError(int seed)
    {
        Predictions predictions = Draw(new Random(seed), classes: 5, rows: 20_000, bins: 10, sharpness: 3);
        double calibrated = predictions.Evaluate().ExpectedCalibrationError;
        Assert.IsLessThan(0.034, calibrated);

        double[] sharpened = [.. predictions.Probabilities.Chunk(5).SelectMany(row =>
        {
            double sum = row.Sum(p => Math.Pow(p, 4));
            return row.Select(p => Math.Pow(p, 4) / sum);
        })];
        CalibrationMetrics overconfident = (predictions with { Probabilities = sharpened }).Evaluate();
        Assert.IsGreaterThan(3 * 0.034, overconfident.ExpectedCalibrationError);
        Assert.IsGreaterThan(overconfident.Accuracy, overconfident.MeanConfidence);
    }

    private static Predictions Draw(Random random, int classes, int rows, int bins, double sharpness)
    {
        var probabilities = new double[rows * classes];
        var labels = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            Span<double> p = probabilities.AsSpan(row * classes, classes);
            double sum = 0;
            foreach (ref double value in p)
                sum += value = Math.Exp(sharpness * random.NextDouble());
            double draw = random.NextDouble();
            labels[row] = classes - 1;
            for (int i = classes - 1; i >= 0; i--)
                p[i] /= sum;
            for (int i = 0; i < classes; i++)
            {
                draw -= p[i];
                if (draw < 0)
                {
                    labels[row] = i;
                    break;
                }
            }
        }
        return new Predictions(probabilities, classes, labels, bins);
    }
}
