using System.Text.Json;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class MemorizationGoldenTests
{
    private static readonly JsonElement File = JsonDocument.Parse(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "memorization_metrics.json"))).RootElement;

    private static readonly double Tolerance = File.GetProperty("tolerance").GetDouble();

    public static IEnumerable<object[]> Cases() =>
        File.GetProperty("cases").EnumerateArray().Select(item => new object[] { item.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GoldenCase_Matches(string name)
    {
        JsonElement item = File.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        JsonElement inputs = item.GetProperty("inputs"), expected = item.GetProperty("expected");
        switch (item.GetProperty("kind").GetString())
        {
            case "suffix":
                Suffix(inputs, expected);
                break;
            case "split":
                Split(inputs, expected.GetProperty("result"));
                break;
            case "mia":
                Membership(inputs, expected);
                break;
            case "beam":
                Beam(inputs, expected);
                break;
            case var kind:
                Assert.Fail($"Kind {kind} is not tested.");
                break;
        }
    }

    private static void Suffix(JsonElement inputs, JsonElement expected)
    {
        int[] generated = Ints(inputs, "generated"), reference = Ints(inputs, "reference");
        Assert.AreEqual(expected.GetProperty("rouge_l").GetDouble(), RougeL.Score(generated, reference), Tolerance);
        Assert.AreEqual(expected.GetProperty("lcs").GetInt32(), RougeL.LongestCommonSubsequence(generated, reference));
        Assert.AreEqual(expected.GetProperty("exact_match").GetInt32() == 1, TokenComparison.IsExactMatch(generated, reference));
        Assert.AreEqual(expected.GetProperty("token_accuracy").GetDouble(), TokenComparison.TokenAccuracy(generated, reference), Tolerance);
        Assert.AreEqual(expected.GetProperty("first_divergence").GetInt32(), TokenComparison.FirstDivergence(generated, reference));
    }

    private static void Split(JsonElement inputs, JsonElement expected)
    {
        var split = ExtractionSplit.Leading(Ints(inputs, "tokens"), inputs.GetProperty("prefix").GetInt32(), inputs.GetProperty("suffix").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, expected.ValueKind);
        Assert.IsNull(split);
    }

    private static void Membership(JsonElement inputs, JsonElement expected)
    {
        var roc = RocCurve.Of(Scores(inputs, "member_loss"), Scores(inputs, "nonmember_loss"));
        Assert.AreEqual(expected.GetProperty("auc").GetDouble(), roc.AreaUnderCurve, Tolerance);
        Assert.AreEqual(expected.GetProperty("tpr").GetDouble(), roc.TruePositiveRateAt(inputs.GetProperty("fpr").GetDouble()), Tolerance);
        Assert.AreEqual(expected.GetProperty("balanced_accuracy").GetDouble(), roc.BalancedAccuracy, Tolerance);
    }

    private static void Beam(JsonElement inputs, JsonElement expected)
    {
        double[][] logProbabilities = [.. inputs.GetProperty("log_prob").EnumerateArray().Select(row => Doubles(row))];
        int start = inputs.GetProperty("start").GetInt32();
        Beam best = BeamSearch.Run(
            beams => [.. beams.Select(beam => logProbabilities[beam.Tokens.Length == 0 ? start : beam.Tokens[^1]])],
            inputs.GetProperty("width").GetInt32(),
            inputs.GetProperty("length").GetInt32())[0];
        CollectionAssert.AreEqual(Ints(expected, "sequence"), best.Tokens);
        Assert.AreEqual(expected.GetProperty("score").GetDouble(), best.LogProbability, Tolerance);
    }

    private static double[] Scores(JsonElement inputs, string name) => Array.ConvertAll(Doubles(inputs.GetProperty(name)), MembershipScore.OfLoss);

    private static int[] Ints(JsonElement inputs, string name) => [.. inputs.GetProperty(name).EnumerateArray().Select(x => x.GetInt32())];

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
}
