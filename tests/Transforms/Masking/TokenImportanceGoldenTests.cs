using System.Text.Json;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

/// <summary>tests/golden/token_importance.json: the table of importance and the choice by it. Layer roles and routing belong to the encoder.</summary>
[TestClass]
public sealed class TokenImportanceGoldenTests
{
    private static readonly string[] s_kinds = ["init", "update", "update_repeat", "select", "select_raw"];
    private static readonly JsonElement[] s_cases = ReadCases();

    public static IEnumerable<object[]> Cases => s_cases.Select(c => new object[] { c.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Golden_case_is_met(string name)
    {
        JsonElement golden = s_cases.Single(c => c.GetProperty("name").GetString() == name);
        JsonElement inputs = golden.GetProperty("inputs"), expected = golden.GetProperty("expected");
        switch (golden.GetProperty("kind").GetString())
        {
            case "init":
                var importance = new TokenImportance(inputs.GetProperty("vocab").GetInt32(), Ints(inputs.GetProperty("allow")), Ints(inputs.GetProperty("deny")));
                AreEqual(expected.GetProperty("table"), [.. importance.Values.ToArray().Select(x => (double)x)], 0, "new table");
                break;
            case "select":
                float[] table = Floats(inputs.GetProperty("table"));
                int[] ids = Ints(inputs.GetProperty("token_ids"));
                CheckSelection(new DropRule(), ids, table, inputs, expected);
                // The same when it is the rule that pins [CLS], [SEP] and [MASK] and denies [PAD], and the table does not.
                foreach (int id in new[] { 0, 1, 2, 3 })
                    table[id] = 10;
                CheckSelection(new DropRule { PinnedIds = [1, 2, 3], DeniedIds = [0], PinnedOverflow = PinnedOverflow.Drop }, ids, table, inputs, expected);
                break;
            case "select_raw":
                float[] scores = Floats(inputs.GetProperty("importance"));
                CheckSelection(new DropRule(), [.. Enumerable.Range(0, scores.Length)], scores, inputs, expected);
                break;
            default:
                CheckUpdate(inputs, expected.GetProperty("table"));
                break;
        }
    }

    private static void CheckSelection(DropRule rule, int[] ids, float[] table, JsonElement inputs, JsonElement expected)
    {
        var policy = new DropPolicy(rule with { KeepCount = inputs.GetProperty("keep").GetInt32() });
        int[] selected = new int[policy.KeepCount(ids, ids.Length)], unselected = new int[ids.Length - selected.Length];
        policy.Select(ids, table, selected, unselected);
        CollectionAssert.AreEqual(Ints(expected.GetProperty("selected")), selected, $"selected by {rule}");
        CollectionAssert.AreEqual(Ints(expected.GetProperty("not_selected")), unselected, $"not selected by {rule}");
    }

    private static void CheckUpdate(JsonElement inputs, JsonElement expected)
    {
        double[] start = Doubles(inputs.GetProperty("table")), losses = Doubles(inputs.GetProperty("losses"));
        double[] weights = inputs.TryGetProperty("weights", out JsonElement given) ? Doubles(given) : [];
        int[] ids = Ints(inputs.GetProperty("ids"));
        double decay = inputs.GetProperty("beta").GetDouble();
        ImportanceMode mode = inputs.GetProperty("mode").GetString() == "last" ? ImportanceMode.Last : ImportanceMode.Mean;
        int times = inputs.TryGetProperty("times", out JsonElement repeated) ? repeated.GetInt32() : 1;
        int[] pinned = inputs.TryGetProperty("pinned", out JsonElement pairs) ? [.. pairs.EnumerateArray().Select(pair => pair[0].GetInt32())] : [];

        // Bare: whatever the slots hold takes a step, as in the reference, where padding so loses its -1e4.
        double[] table = [.. start];
        for (int i = 0; i < times; i++)
            ImportanceUpdate.Apply(table, ids, losses, weights, decay, mode, new double[table.Length], new double[table.Length]);
        foreach (int id in pinned)
            table[id] = TokenImportance.PinnedValue;
        AreEqual(expected, table, 1e-9, "bare update");

        // The same in the numbers that are kept. Nothing is denied here: what is denied does not decay.
        var importance = new TokenImportance(start.Length, pinned, [], decay, mode);
        importance.Restore([.. start.Select(x => (float)x)]);
        for (int i = 0; i < times; i++)
            importance.Update(ids, [.. losses.Select(x => (float)x)], [.. weights.Select(x => (float)x)]);
        AreEqual(expected, [.. importance.Values.ToArray().Select(x => (double)x)], 1e-6, "table");
    }

    private static void AreEqual(JsonElement expected, double[] actual, double tolerance, string what)
    {
        double[] wanted = Doubles(expected);
        Assert.HasCount(wanted.Length, actual, what);
        for (int id = 0; id < wanted.Length; id++)
            Assert.AreEqual(wanted[id], actual[id], tolerance * Math.Max(1, Math.Abs(wanted[id])), $"{what}: id {id}");
    }

    private static JsonElement[] ReadCases()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "token_importance.json")));
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray().Where(c => s_kinds.Contains(c.GetProperty("kind").GetString()))];
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];

    private static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetSingle())];
}
