using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Models;

/// <summary>How likely a model holds single completions, by their labels: in nats a token, means over completions.</summary>
/// <param name="Desired">The mean of the desired completions; null when there are none.</param>
/// <param name="Undesired">The mean of the others; null when there are none.</param>
/// <param name="Auc">How often a desired completion is likelier than one that is not, ties half; null when there are none of one kind.</param>
/// <param name="Completions">The completions that have tokens.</param>
internal sealed record LabelledMetrics(double? Desired, double? Undesired, double? Auc, int Completions)
{
    private const int BatchSize = 32;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The completions.</param>
    /// <param name="addsEnd">Whether each ends with the end token.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static LabelledMetrics Of(CausalLanguageModelTransformer model, IReadOnlyList<PreferenceRecord> rows, bool addsEnd, CancellationToken cancellation)
    {
        List<double> desired = [], undesired = [];
        foreach (PreferenceRecord[] batch in rows.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            int[][] completions = [.. batch.Select(row => Completion(model, row.Completion, addsEnd))];
            int[][] sequences = [.. batch.Zip(completions, (row, ids) => (int[])[.. model.EncodePrompt(row.Prompt), .. ids]).Select(ids => ids[^Math.Min(ids.Length, model.ContextLength)..])];
            int[] scored = [.. Enumerable.Range(0, batch.Length).Where(i => completions[i].Length > 0 && sequences[i].Length > 1)];
            IReadOnlyList<float[]> tokens = model.LogProbabilities([.. scored.Select(i => sequences[i])]);
            for (int i = 0; i < scored.Length; i++)
                (batch[scored[i]].IsDesired ? desired : undesired).Add(tokens[i].TakeLast(completions[scored[i]].Length).Average());
        }

        return new LabelledMetrics(
            desired.Count > 0 ? desired.Average() : null,
            undesired.Count > 0 ? undesired.Average() : null,
            desired.Count > 0 && undesired.Count > 0 ? RocCurve.Of([.. desired], [.. undesired]).AreaUnderCurve : null,
            desired.Count + undesired.Count);
    }

    private static int[] Completion(CausalLanguageModelTransformer model, string text, bool addsEnd)
    {
        int[] ids = model.EncodeCompletion(text);
        return addsEnd && ids.Length > 0 && model.EndId is { } end ? [.. ids, end] : ids;
    }
}
