using System.Text.Json;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class CalibrationGoldenTests
{
    private static readonly JsonElement File = JsonDocument.Parse(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "ece.json"))).RootElement;

    public static IEnumerable<object[]> Cases() =>
        File.GetProperty("cases").EnumerateArray().Select(item => new object[] { item.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GoldenCase_MatchesInDoubleAndSingle(string name)
    {
        JsonElement item = File.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        double[][] logits = [.. item.GetProperty("inputs").GetProperty("logits").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray())];
        int[] labels = [.. item.GetProperty("inputs").GetProperty("targets").EnumerateArray().Select(x => x.GetInt32())];
        int bins = item.GetProperty("params").GetProperty("bins").GetInt32();
        double[] probabilities = [.. logits.SelectMany(Softmax)];
        int classes = logits[0].Length;

        AssertExpected(item.GetProperty("expected"), Calibration.Evaluate<double>(probabilities, classes, labels, bins), 1e-12);
        AssertExpected(
            item.GetProperty("expected"),
            Calibration.Evaluate<float>(Array.ConvertAll(probabilities, p => (float)p), classes, labels, bins), 1e-6);
    }

    private static void AssertExpected(JsonElement golden, CalibrationMetrics metrics, double tolerance)
    {
        double ece = metrics.ExpectedCalibrationError;
        Assert.AreEqual(golden.GetProperty("ece").GetDouble(), ece, tolerance);
        Assert.AreEqual(golden.GetProperty("mce").GetDouble(), metrics.MaximumCalibrationError, tolerance);
        Assert.HasCount(golden.GetProperty("bin_count").GetArrayLength(), metrics.Bins);
        for (int i = 0; i < metrics.Bins.Count; i++)
        {
            Assert.AreEqual(golden.GetProperty("bin_count")[i].GetInt64(), metrics.Bins[i].Count);
            AssertNullable(golden.GetProperty("bin_accuracy")[i], metrics.Bins[i].Accuracy, tolerance);
            AssertNullable(golden.GetProperty("bin_confidence")[i], metrics.Bins[i].MeanConfidence, tolerance);
        }
    }

    private static void AssertNullable(JsonElement golden, double? actual, double tolerance)
    {
        if (golden.ValueKind == JsonValueKind.Null)
            Assert.IsNull(actual);
        else
            Assert.AreEqual(golden.GetDouble(), actual!.Value, tolerance);
    }

    private static double[] Softmax(double[] logits)
    {
        double max = logits.Max();
        double[] exponentials = Array.ConvertAll(logits, x => Math.Exp(x - max));
        double sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, x => x / sum);
    }
}
