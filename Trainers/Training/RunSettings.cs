using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>What must be equal for a resumed run to equal an uninterrupted one.</summary>
internal static class RunSettings
{
    private static readonly string[] Operational =
    [
        nameof(TrainingOptions.CheckpointFolder),
        nameof(TrainingOptions.CheckpointInterval),
        nameof(TrainingOptions.CheckpointsToKeep),
        nameof(TrainingOptions.Resume),
    ];

    public static JsonObject Of(TrainingOptions options, IBatchSource batches, IReadOnlyDictionary<string, string> others, IReadOnlyList<Tensor> frozen)
    {
        var settings = JsonSerializer.SerializeToNode(options)!.AsObject();
        foreach (string name in Operational)
        {
            settings.Remove(name);
        }
        // Before the row counts: when the data or the seed differ, that is what to say.
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }
        if (frozen.Count > 0)
        {
            // Checkpoints do not hold them: a resumed run must bring the same.
            settings["frozen weights"] = WeightDigest.Of(frozen);
        }
        settings["rows"] = batches.RowCount;
        settings["batches per epoch"] = batches.BatchesPerEpoch;
        return settings;
    }

    /// <exception cref="InvalidOperationException">They differ; the message names the first that does.</exception>
    public static void RequireEqual(JsonObject saved, JsonObject current, string checkpoint)
    {
        foreach (string name in saved.Select(s => s.Key).Union(current.Select(s => s.Key)))
        {
            string was = Show(saved[name]), now = Show(current[name]);
            if (was != now)
            {
                throw new InvalidOperationException(
                    $"Cannot resume from '{checkpoint}': it was made with {name} = {was}, now {name} = {now}. Use the same value, or another {nameof(TrainingOptions.CheckpointFolder)}.");
            }
        }
    }

    private static string Show(JsonNode? value) => value?.ToJsonString() ?? "nothing";
}
