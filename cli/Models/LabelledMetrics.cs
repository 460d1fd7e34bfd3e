using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Cli.Models;

/// <summary>How likely a model holds single completions, by their labels: in nats a token, means over completions.</summary>
/// <param name="Desired">The mean of the desired completions; null when there are none.</param>
/// <param name="Undesired">The mean of the others; null when there are none.</param>
/// <param name="Auc">How often a desired completion is likelier than one that is not, ties half; null when there are none of one kind.</param>
/// <param name="Completions">The completions that were scored.</param>
/// <param name="EmptyRows">The rows left out because their completion has no token to score.</param>
/// <param name="PromptsCut">The scored rows whose prompt lost its beginning to the context.</param>
/// <param name="CompletionsCut">The scored rows whose completion lost its end.</param>
internal sealed record LabelledMetrics(double? Desired, double? Undesired, double? Auc, int Completions, int EmptyRows, int PromptsCut, int CompletionsCut)
{
    private const int BatchSize = 32;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The completions, at least one.</param>
    /// <param name="addsEnd">Whether each ends with the end token.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">No row has a token to score.</exception>
    /// <exception cref="InvalidOperationException">The model gave a completion no finite log-probability; the message names the row.</exception>
    public static LabelledMetrics Of<TModel>(TModel model, IReadOnlyList<PreferenceRecord> rows, bool addsEnd, CancellationToken cancellation)
        where TModel : ISequenceScorer, ITextCodec
    {
        List<double> desired = [], undesired = [];
        int promptsCut = 0, completionsCut = 0;
        foreach (Fitted[] batch in rows.Select((row, at) => Fit(model, row, at, addsEnd)).Where(row => row.Scored > 0).Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<float[]> tokens = model.LogProbabilities([.. batch.Select(row => row.Ids)]);
            foreach ((Fitted row, float[] values) in batch.Zip(tokens))
            {
                double mean = values.TakeLast(row.Scored).Average();
                if (!double.IsFinite(mean))
                    throw new InvalidOperationException(
                        $"The model gave the completion of test row {row.At} (0-based) no finite log-probability: its weights or activations hold NaN or infinity.");
                (rows[row.At].IsDesired ? desired : undesired).Add(mean);
                promptsCut += row.CutsPrompt ? 1 : 0;
                completionsCut += row.CutsCompletion ? 1 : 0;
            }
        }

        int scored = desired.Count + undesired.Count;
        if (scored == 0)
            throw new UserErrorException($"There is nothing to measure: none of the {rows.Count} test rows has a completion with a token to score.");
        return new LabelledMetrics(
            desired.Count > 0 ? desired.Average() : null,
            undesired.Count > 0 ? undesired.Average() : null,
            desired.Count > 0 && undesired.Count > 0 ? RocCurve.Of([.. desired], [.. undesired]).AreaUnderCurve : null,
            scored,
            rows.Count - scored,
            promptsCut,
            completionsCut);
    }

    /// <summary>Cuts as the evaluator of pairs does: the prompt's beginning first, and then the completion's end.</summary>
    private static Fitted Fit<TModel>(TModel model, PreferenceRecord row, int at, bool addsEnd)
        where TModel : ISequenceScorer, ITextCodec
    {
        int[] prompt = model.EncodePrompt(row.Prompt), completion = model.EncodeCompletion(row.Completion);
        if (addsEnd && completion.Length > 0 && model.EndId is { } end && completion[^1] != end)
            completion = [.. completion, end];
        int kept = Math.Min(prompt.Length, Math.Max(1, model.ContextLength - completion.Length)), room = Math.Min(completion.Length, model.ContextLength - kept);
        // Nothing precedes the first token of a completion without a prompt.
        return new Fitted(
            at, [.. prompt[^kept..], .. completion[..room]], room - (kept == 0 ? 1 : 0), CutsPrompt: kept < prompt.Length, CutsCompletion: room < completion.Length);
    }

    /// <summary>A row as the model reads it.</summary>
    private readonly record struct Fitted(int At, int[] Ids, int Scored, bool CutsPrompt, bool CutsCompletion);
}
