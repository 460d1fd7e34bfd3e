using System.Text.Json;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

/// <summary>The metrics that TRL logs, computed elsewhere.</summary>
[TestClass]
public sealed class PreferenceGoldenTests
{
    private static readonly JsonElement File = JsonDocument.Parse(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "preference.json"))).RootElement;

    private static readonly double Tolerance = File.GetProperty("tolerance").GetDouble();

    public static IEnumerable<object[]> Cases() => File.GetProperty("cases").EnumerateArray()
        .Where(item => item.GetProperty("expected").TryGetProperty("metrics", out _)).Select(item => new object[] { item.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GoldenCase_Matches(string name)
    {
        JsonElement item = File.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        JsonElement inputs = item.GetProperty("inputs"), expected = item.GetProperty("expected").GetProperty("metrics");
        double beta = item.GetProperty("params").GetProperty("beta").GetDouble();
        double[] chosen = Numbers(inputs, "policy_chosen_logps"), rejected = Numbers(inputs, "policy_rejected_logps");
        double[] chosenReference = Numbers(inputs, "ref_chosen_logps"), rejectedReference = Numbers(inputs, "ref_rejected_logps");
        double[] chosenTokens = Numbers(inputs, "chosen_tokens"), rejectedTokens = Numbers(inputs, "rejected_tokens");

        PreferenceMetrics metrics = PreferenceMetrics.Of(
            [.. chosen.Select((_, i) => new PreferencePair(
                i,
                new CompletionScore((int)chosenTokens[i], chosen[i], chosenReference[i]),
                new CompletionScore((int)rejectedTokens[i], rejected[i], rejectedReference[i])))],
            beta);

        AreEqual("logps/chosen", metrics.Chosen.LogProbability.Mean);
        AreEqual("logps/rejected", metrics.Rejected.LogProbability.Mean);
        if (item.GetProperty("params").GetProperty("kind").GetString() is "simpo" or "orpo")
        {
            AreEqual("rewards/chosen", beta * metrics.Chosen.LogProbabilityPerToken.Mean);
            AreEqual("rewards/rejected", beta * metrics.Rejected.LogProbabilityPerToken.Mean);
            AreEqual("rewards/margins", beta * metrics.MarginsPerToken.Margin.Mean);
            AreEqual("rewards/accuracies", metrics.MarginsPerToken.Accuracy);
            return;
        }
        AreEqual("rewards/chosen", metrics.Rewards!.Chosen.Mean);
        AreEqual("rewards/rejected", metrics.Rewards.Rejected.Mean);
        AreEqual("rewards/margins", metrics.Rewards.Margins.Margin.Mean);
        AreEqual("rewards/accuracies", metrics.Rewards.Margins.Accuracy);

        void AreEqual(string metric, double actual) => Assert.AreEqual(expected.GetProperty(metric).GetDouble(), actual, Tolerance);
    }

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
