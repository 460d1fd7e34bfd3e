using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExt.Training;

/// <summary>The options that decide a run's weights, for a resume to compare.</summary>
internal static class RunOptions
{
    /// <summary>Every option but those named, so that a new one is compared without being named here.</summary>
    /// <param name="options">A trainer's options.</param>
    /// <param name="others">Options that change nothing in the weights, and those that the training loop compares itself.</param>
    public static Dictionary<string, string> Of(object options, params ReadOnlySpan<string> others)
    {
        JsonObject json = JsonSerializer.SerializeToNode(options, options.GetType())!.AsObject();
        foreach (string other in others)
            json.Remove(other);
        return json.ToDictionary(o => o.Key, o => o.Value?.ToJsonString() ?? "null");
    }
}
