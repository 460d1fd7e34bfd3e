using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExt.Classification;

/// <summary>The options that decide a run's weights, for a resume to compare.</summary>
internal static class RunOptions
{
    /// <summary>Options that change nothing in the weights, and those that the training loop compares itself.</summary>
    private static readonly string[] s_others =
    [
        nameof(SquentropyOptions.Training),
        nameof(SquentropyOptions.ScoringBlockSize),
        nameof(SquentropyOptions.MemoryBudgetBytes),
        nameof(SquentropyOptions.LabelColumnName),
        nameof(SquentropyOptions.FeatureColumnName),
    ];

    /// <summary>Every other option, so that a new one is compared without being named here.</summary>
    public static Dictionary<string, string> Of(SquentropyOptions options)
    {
        JsonObject json = JsonSerializer.SerializeToNode(options)!.AsObject();
        return json.Where(o => !s_others.Contains(o.Key)).ToDictionary(o => o.Key, o => o.Value?.ToJsonString() ?? "null");
    }
}
