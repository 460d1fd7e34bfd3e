using System.Text.Json;

namespace MLNetExt.Benchmarks;

/// <summary>hh_rlhf_harmless: pairs of responses, of which people found one less harmful; 1,846 to learn from, 231 to validate and 231 to test. The texts are offensive: they are never printed.</summary>
/// <param name="Train">The training part.</param>
/// <param name="Validation">The validation part.</param>
/// <param name="Test">The test part.</param>
internal sealed record HarmlessData(PreferencePair[] Train, PreferencePair[] Validation, PreferencePair[] Test)
{
    private const string Folder = "hh_rlhf_harmless";
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads the data; null when they are not there.</summary>
    public static HarmlessData? Read() => Repository.SharedData(Folder) is { } folder
        ? new HarmlessData(ReadPart(folder, "train"), ReadPart(folder, "valid"), ReadPart(folder, "test"))
        : null;

    private static PreferencePair[] ReadPart(string folder, string part) =>
        [.. File.ReadLines(Path.Combine(folder, $"{part}.jsonl")).Select(line => JsonSerializer.Deserialize<PreferencePair>(line, s_json)!)];
}
