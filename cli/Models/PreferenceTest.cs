using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Models;

/// <summary>Asks models how likely they hold the completions of test rows.</summary>
/// <param name="ml">The context.</param>
/// <param name="source">The columns.</param>
/// <param name="rows">The rows.</param>
/// <param name="addsEnd">Whether each completion ends with the end token.</param>
internal sealed class PreferenceTest(MLContext ml, PreferenceSource source, IReadOnlyList<PreferenceRecord> rows, bool addsEnd)
{
    private const int MostDivergenceTokens = 32;

    /// <summary>Measures a model on pairs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reference">The model that rewards and divergence are measured against; null for none.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public PreferenceMetrics OfPairs(
        CausalLanguageModelTransformer model, CausalLanguageModelTransformer? reference, IProgress<EvaluationProgress>? progress, CancellationToken cancellation) =>
        ml.Preference.Evaluate(model, source.View(ml, rows), new PreferenceEvaluationOptions
        {
            PromptColumnName = source.Prompt,
            ChosenColumnName = source.Completion,
            RejectedColumnName = source.Rejected!,
            AppendEnd = addsEnd,
            Reference = reference,
            DivergenceTokens = Math.Clamp(model.ContextLength / 2, 1, MostDivergenceTokens),
            Progress = progress,
            CancellationToken = cancellation,
        });

    /// <summary>Measures a model on single completions.</summary>
    public LabelledMetrics OfCompletions(CausalLanguageModelTransformer model, CancellationToken cancellation) => LabelledMetrics.Of(model, rows, addsEnd, cancellation);

    /// <summary>A measure of pairs as <c>--json</c> writes it.</summary>
    public static object ToJson(PreferenceMetrics metrics) => new
    {
        metrics.Accuracy,
        metrics.Margins.StandardError,
        metrics.Margins.Interval.Low,
        metrics.Margins.Interval.High,
        AccuracyPerToken = metrics.MarginsPerToken.Accuracy,
        Margin = new
        {
            metrics.Margins.Margin.Mean,
            P10 = metrics.Margins.Margin.Quantile(0.1),
            P50 = metrics.Margins.Margin.Median,
            P90 = metrics.Margins.Margin.Quantile(0.9),
        },
        ChosenLogProbability = metrics.Chosen.LogProbability.Mean,
        RejectedLogProbability = metrics.Rejected.LogProbability.Mean,
        RewardAccuracy = metrics.Rewards?.Margins.Accuracy,
        RewardMargin = metrics.Rewards?.Margins.Margin.Mean,
        KlPerToken = metrics.Divergence?.PerToken,
        Pairs = metrics.Pairs.Count,
        metrics.EmptyRows,
        metrics.EqualRows,
        metrics.CutAwayRows,
        metrics.PromptsCut,
        metrics.CompletionsCut,
    };

    /// <summary>A gain in accuracy as <c>--json</c> writes it.</summary>
    public static object ToJson(PreferenceGain gain) => new
    {
        gain.Value,
        gain.StandardError,
        gain.Interval.Low,
        gain.Interval.High,
        gain.Improved,
        gain.Worsened,
        Pairs = gain.PairCount,
    };
}
