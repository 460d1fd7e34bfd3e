using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;
using MLNetExt.Masking;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>Asks models for the same documents, each with its own tokenizer.</summary>
/// <param name="ml">The context.</param>
/// <param name="terminal">Where to tell of it.</param>
/// <param name="textColumn">The documents' column.</param>
/// <param name="members">The documents that the models were trained on.</param>
/// <param name="nonMembers">Others; null to leave membership inference out.</param>
/// <param name="goldfish">The mask that training used; null for none.</param>
/// <param name="options">How to ask; columns, progress and cancellation are set here.</param>
internal sealed class MemorizationAudit(
    MLContext ml, Terminal terminal, string textColumn, IReadOnlyList<string> members, IReadOnlyList<string>? nonMembers, GoldfishMaskOptions? goldfish, MemorizationOptions options)
{
    private const string Mask = "LossMask";
    private readonly string _tokens = DocumentView.TokensOf(textColumn);

    /// <exception cref="UserErrorException">The model has no tokenizer, or the documents are too short.</exception>
    public MemorizationMetrics Run(LanguageModelFile file)
    {
        IDataView texts = DocumentView.Create(ml, members, textColumn);
        using BytePairTransformer tokenizer = TextTokenizer.Of(ml, file.Tokenizer, texts, textColumn);
        IDataView documents = tokenizer.Transform(texts);
        if (goldfish is not null)
        {
            (goldfish.InputColumnName, goldfish.OutputColumnName) = (_tokens, Mask);
            documents = ml.Transforms.Text.GoldfishMask(goldfish).Fit(documents).Transform(documents);
        }

        options.TokensColumnName = _tokens;
        options.LossMaskColumnName = goldfish is null ? null : Mask;
        options.TextColumnName = textColumn;
        options.NonMembers = nonMembers is null ? null : tokenizer.Transform(DocumentView.Create(ml, nonMembers, textColumn));
        options.CancellationToken = terminal.Cancellation;
        try
        {
            MemorizationMetrics metrics = EvaluationDisplay.Run(terminal, progress =>
            {
                options.Progress = progress;
                return ml.LanguageModeling.EvaluateMemorization(file.Model, documents, options);
            });
            if (metrics.RowsTooShort.Count > 0)
                terminal.Warn($"'{file.Path}': {metrics.RowsTooShort.Count} documents have fewer than {options.PrefixLength + options.SuffixLength} tokens and were not asked for.");
            return metrics;
        }
        catch (InvalidOperationException e) when (e.Message.Contains(nameof(MemorizationOptions.PrefixLength), StringComparison.Ordinal))
        {
            throw new UserErrorException(OptionNames.Translate(e.Message));
        }
    }

    /// <summary>An audit as <c>--json</c> writes it.</summary>
    public static object ToJson(string model, MemorizationMetrics metrics) => new
    {
        Model = model,
        Documents = metrics.Documents.Count,
        DocumentsTooShort = metrics.RowsTooShort.Count,
        Prefix = metrics.PrefixLength,
        Suffix = metrics.SuffixLength,
        Greedy = ToJson(metrics.Extraction),
        metrics.Beams,
        BeamSearch = ToJson(metrics.BeamExtraction),
        Membership = metrics.Membership is { } membership
            ? new
            {
                Members = membership.MemberCount,
                NonMembers = membership.NonMemberCount,
                membership.MemberLoss,
                membership.NonMemberLoss,
                Loss = ToJson(membership.Loss),
                Zlib = ToJson(membership.Zlib),
            }
            : null,
    };

    private static object? ToJson(ExtractionMetrics? extraction) => extraction is null
        ? null
        : new
        {
            extraction.ExactMatches,
            extraction.ExactMatch,
            extraction.TokenAccuracy,
            extraction.RougeL,
            extraction.FirstDivergences.Diverged,
            extraction.FirstDivergences.DivergedOnDropped,
            DivergedOnDroppedShare = extraction.FirstDivergences.DroppedShare,
            extraction.FirstDivergences.DroppedTokenShare,
        };

    private static object? ToJson(MembershipAttack? attack) => attack is null
        ? null
        : new
        {
            Auc = attack.AreaUnderCurve,
            attack.BalancedAccuracy,
            TprAt1Percent = attack.TruePositiveRateAtOnePercent,
            TprAt1PerMille = attack.TruePositiveRateAtOnePerMille,
        };
}
