using System.Text.Json;

namespace MLNetExt.Tests;

/// <summary>Reads tests/golden: values computed in float64 by an independent program.</summary>
internal sealed class Golden
{
    private readonly JsonElement _root;

    private Golden(JsonElement root) => _root = root;

    public double Tolerance => _root.GetProperty("tolerance").GetDouble();

    public IEnumerable<GoldenCase> Cases => List("cases");

    public IEnumerable<GoldenCase> ErrorCases => List("error_cases");

    public static Golden Read(string fileName)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", fileName);
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return new(document.RootElement.Clone());
    }

    private IEnumerable<GoldenCase> List(string property)
        => _root.TryGetProperty(property, out var list) ? list.EnumerateArray().Select(e => new GoldenCase(e)) : [];
}

internal sealed class GoldenCase(JsonElement element)
{
    public string Name => element.GetProperty("name").GetString()!;

    /// <summary>The number at a path such as "params", "square_weight".</summary>
    public double Number(params string[] path) => At(path).GetDouble();

    public double[] Vector(params string[] path) => Doubles(At(path));

    public double[,] Matrix(params string[] path)
    {
        var rows = At(path).EnumerateArray().Select(Doubles).ToArray();
        var matrix = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++)
                matrix[i, j] = rows[i][j];
        }

        return matrix;
    }

    public string Text(params string[] path) => At(path).GetString()!;

    public bool Flag(params string[] path) => At(path).GetBoolean();

    /// <summary>The elements of a list; null for those that are null.</summary>
    public GoldenCase?[] Items(params string[] path)
        => [.. At(path).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? null : new GoldenCase(e))];

    /// <summary>The numbers of an object by name.</summary>
    public Dictionary<string, double> Numbers(params string[] path)
        => At(path).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());

    /// <summary>The numbers of a list of lists, however deep, in order.</summary>
    public double[] Flat(params string[] path) => [.. Leaves(At(path))];

    public bool Has(params string[] path)
    {
        var at = element;
        return path.All(name => at.TryGetProperty(name, out at));
    }

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];

    private static IEnumerable<double> Leaves(JsonElement element)
        => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Leaves) : [element.GetDouble()];

    private JsonElement At(string[] path) => path.Aggregate(element, (at, name) => at.GetProperty(name));
}
