using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

internal static class MetricsAssert
{
    public static void AreEqual(CalibrationMetrics expected, CalibrationMetrics actual, double tolerance)
    {
        Assert.AreEqual(expected.ExpectedCalibrationError, actual.ExpectedCalibrationError, tolerance);
        Assert.AreEqual(expected.MaximumCalibrationError, actual.MaximumCalibrationError, tolerance);
        Assert.AreEqual(expected.BrierScore, actual.BrierScore, tolerance);
        Assert.AreEqual(expected.LogLoss, actual.LogLoss, tolerance);
        Assert.AreEqual(expected.Accuracy, actual.Accuracy, tolerance);
        Assert.AreEqual(expected.MeanConfidence, actual.MeanConfidence, tolerance);
        Assert.AreEqual(expected.RowCount, actual.RowCount);
        Assert.AreEqual(expected.SkippedRows, actual.SkippedRows);
        Assert.AreEqual(expected.UnknownClassRows, actual.UnknownClassRows);
        CollectionAssert.AreEqual(expected.Bins.Select(bin => bin.Count).ToArray(), actual.Bins.Select(bin => bin.Count).ToArray());
    }
}
