using System.Globalization;
using System.Text.Json;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

/// <summary>tests/golden/goldfish_mask.json: masks of the published program and of an independent implementation of the portable hash.</summary>
[TestClass]
public sealed class GoldfishGoldenTests
{
    private static readonly JsonElement[] s_cases = ReadCases();

    public static IEnumerable<object[]> Cases => s_cases.Select(c => new object[] { c.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Golden_case_is_met(string name)
    {
        JsonElement golden = s_cases.Single(c => c.GetProperty("name").GetString() == name);
        JsonElement inputs = golden.GetProperty("inputs"), expected = golden.GetProperty("expected");
        switch (golden.GetProperty("strategy").GetString())
        {
            case "torch_cpu_table":
                CheckTable(inputs, expected);
                break;
            case "static":
                var rule = new GoldfishRule { Strategy = GoldfishStrategy.Static, K = Int(inputs, "k"), Start = Int(inputs, "start"), FirstIsTarget = true };
                CollectionAssert.AreEqual(Ints(expected.GetProperty("drop")), Dropped(rule, new int[Int(inputs, "T")]));
                break;
            case "hash_table_cpu":
                CheckReference(inputs, expected);
                break;
            case "portable_hash":
                CheckPortable(inputs, expected);
                break;
            case "portable_hash_state":
                var hash = new WindowHash(new GoldfishRule());
                CollectionAssert.AreEqual(
                    expected.GetProperty("state").EnumerateArray().Select(s => s.GetString()).ToArray(),
                    inputs.GetProperty("windows").EnumerateArray().Select(w => $"{hash.State(Ints(w))}").ToArray());
                break;
            case "portable_random":
                CheckRandom(inputs, expected);
                break;
            case var strategy:
                Assert.Fail($"the test does not know the strategy {strategy}");
                break;
        }
    }

    private static void CheckTable(JsonElement inputs, JsonElement expected)
    {
        float[] table = [.. ReferenceTable.Values(inputs.GetProperty("seed").GetInt64(), Int(inputs, "size"))];
        float[] probes = [.. Ints(inputs.GetProperty("probe_indices")).Select(i => table[i])];
        CollectionAssert.AreEqual(expected.GetProperty("values").EnumerateArray().Select(v => (float)v.GetDouble()).ToArray(), probes);
        if (expected.TryGetProperty("count_below_one_over_k", out JsonElement counts))
        {
            foreach (JsonProperty count in counts.EnumerateObject())
            {
                float limit = (float)(1.0 / int.Parse(count.Name, CultureInfo.InvariantCulture));
                Assert.AreEqual(count.Value.GetInt32(), table.Count(v => v < limit), $"below 1/{count.Name}");
            }
        }
    }

    // The targets of the reference are already shifted: each of them is a target, the first one too.
    private static void CheckReference(JsonElement inputs, JsonElement expected)
    {
        int h = Int(inputs, "h");
        var rule = new GoldfishRule { Strategy = GoldfishStrategy.ReferenceHash, K = Int(inputs, "k"), H = h, FirstIsTarget = true };
        int[][] rows = Rows(inputs.GetProperty("targets"));
        int[][] drop = Rows(expected.GetProperty("drop"));
        for (int row = 0; row < rows.Length; row++)
        {
            CollectionAssert.AreEqual(drop[row], Dropped(rule, rows[row]), $"row {row}");
            // The same as tokens of a row, whose first token is none of the targets.
            CollectionAssert.AreEqual(drop[row], Dropped(rule with { FirstIsTarget = false }, [77, .. rows[row]])[1..], $"row {row} as tokens");
        }
        if (expected.TryGetProperty("table_index", out JsonElement indices))
        {
            int[][] found = [.. rows.Select(r => Enumerable.Range(0, r.Length - h + 1)
                .Select(t => ReferenceTable.IndexOf(r.AsSpan(t, h).ToArray().Aggregate(1L, (product, id) => unchecked(product * id)))).ToArray())];
            for (int row = 0; row < rows.Length; row++)
                CollectionAssert.AreEqual(Rows(indices)[row], found[row], $"row {row}: table indices");
        }
    }

    private static void CheckPortable(JsonElement inputs, JsonElement expected)
    {
        var rule = new GoldfishRule
        {
            K = Int(inputs, "k"),
            H = Int(inputs, "h"),
            IncludeTarget = inputs.GetProperty("include_target").GetBoolean(),
            IgnoreId = inputs.TryGetProperty("ignore", out JsonElement ignore) ? ignore.GetInt32() : null,
            ExemptIds = inputs.TryGetProperty("exempt", out JsonElement exempt) ? Ints(exempt) : [],
        };
        int[][] rows = Rows(inputs.GetProperty("tokens")), drop = Rows(expected.GetProperty("drop"));
        int[][]? documents = inputs.TryGetProperty("doc_ids", out JsonElement ids) ? Rows(ids) : null;
        for (int row = 0; row < rows.Length; row++)
            CollectionAssert.AreEqual(drop[row], Dropped(rule, rows[row], documents?[row])[1..], $"row {row}");
    }

    private static void CheckRandom(JsonElement inputs, JsonElement expected)
    {
        int rows = Int(inputs, "B"), length = Int(inputs, "T"), k = Int(inputs, "k");
        long seed = inputs.GetProperty("seed").GetInt64();
        int[] steps = Ints(inputs.GetProperty("steps"));
        for (int step = 0; step < steps.Length; step++)
        {
            int[][] drop = Rows(expected.GetProperty("drop")[step]);
            var keep = new float[length];
            for (int row = 0; row < rows; row++)
            {
                GoldfishMask.FillRandom(keep, k, seed, steps[step], (long)row * length);
                CollectionAssert.AreEqual(drop[row], keep.Select(x => 1 - (int)x).ToArray(), $"step {steps[step]}, row {row}");
                if (steps[step] == 0)
                {
                    var mask = new float[length + 1];
                    new GoldfishMask(new() { Strategy = GoldfishStrategy.Random, K = k, Seed = seed }).Fill(new int[length + 1], mask, row: row);
                    CollectionAssert.AreEqual(keep, mask[1..], $"row {row} by its rule");
                }
            }
        }
    }

    private static int[] Dropped(GoldfishRule rule, int[] ids, int[]? documents = null)
    {
        var keep = new float[ids.Length];
        new GoldfishMask(rule).Fill(ids, keep, documents?.Select(id => (long)id).ToArray());
        return [.. keep.Select(x => 1 - (int)x)];
    }

    private static JsonElement[] ReadCases()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "goldfish_mask.json")));
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];

    private static int[][] Rows(JsonElement list) => [.. list.EnumerateArray().Select(Ints)];
}
