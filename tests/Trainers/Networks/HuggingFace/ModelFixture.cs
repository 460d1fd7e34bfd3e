using System.Text.Json;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>A directory of tests/golden/hf: a tiny model and what a correct forward pass gives, computed in float64 by an independent program.</summary>
internal sealed class ModelFixture
{
    private readonly JsonElement _expected;

    /// <param name="name">The directory; a part of one has the expectations of the whole.</param>
    public ModelFixture(string name)
    {
        Path = System.IO.Path.Combine(Root, name);
        string expected = System.IO.Path.Combine(Path, "expected.json");
        if (!File.Exists(expected))
            expected = System.IO.Path.Combine(Path, "..", "expected.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(expected));
        _expected = document.RootElement.Clone();
    }

    public static string Root { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "hf");

    /// <summary>All fixtures of causal models, shards included.</summary>
    public static IEnumerable<object[]> Causal => Directory.EnumerateFiles(Root, "config.json", SearchOption.AllDirectories)
        .Where(f => !File.ReadAllText(f).Contains("\"bert\"", StringComparison.Ordinal))
        .Select(f => new object[] { System.IO.Path.GetRelativePath(Root, System.IO.Path.GetDirectoryName(f)!) }).OrderBy(f => (string)f[0], StringComparer.Ordinal);

    public string Path { get; }

    public bool Has(string key) => _expected.TryGetProperty(key, out _);

    public double Number(params string[] path) => At(path).GetDouble();

    /// <summary>Int64, of the list's shape.</summary>
    public Tensor Ids(params string[] path) => Of(At(path)).to(ScalarType.Int64);

    /// <summary>Float64, of the list's shape.</summary>
    public Tensor Values(params string[] path) => Of(At(path));

    /// <summary>Lists of different lengths.</summary>
    public double[][] Ragged(string key) => [.. At([key]).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    private static Tensor Of(JsonElement list)
    {
        var shape = new List<long>();
        for (JsonElement at = list; at.ValueKind == JsonValueKind.Array; at = at[0])
            shape.Add(at.GetArrayLength());
        return tensor(Flat(list).ToArray()).view([.. shape]);
    }

    private static IEnumerable<double> Flat(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flat) : [element.GetDouble()];

    private JsonElement At(string[] path) => path.Aggregate(_expected, (at, name) => at.GetProperty(name));
}
