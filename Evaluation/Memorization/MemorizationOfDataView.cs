using Microsoft.ML;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Audits a model with the documents of a data view.</summary>
internal static class MemorizationOfDataView
{
    public static MemorizationMetrics Evaluate(ITextGenerator generator, IDataView documents, MemorizationOptions options)
    {
        options.Validate(generator.ContextLength);
        ISequenceScorer? scorer = options.Scorer ?? generator as ISequenceScorer;
        if (options.NonMembers is not null && scorer is null)
            throw new ArgumentException("NonMembers are set, but the model gives no likelihoods to tell them by: set Scorer, or leave them out.");
        int vocabularySize = scorer?.VocabularySize ?? int.MaxValue;
        var source = new TokenDocuments(documents, options.TokensColumnName, options.LossMaskColumnName, options.TextColumnName, vocabularySize, generator.TokenizerFingerprint);
        MembershipRun? membership = options.NonMembers is { } nonMembers ? new MembershipRun(scorer!, options, documents, nonMembers) : null;

        var extraction = new ExtractionRun(generator, options, source);
        IReadOnlyList<DocumentMemorization> audited = extraction.Run();
        return new MemorizationMetrics
        {
            Extraction = Metrics(audited, document => document.Greedy, options),
            BeamExtraction = options.Beams > 1 ? Metrics(audited, document => document.Beam!, options) : null,
            Membership = membership?.Run(),
            Documents = audited,
            RowsTooShort = extraction.RowsTooShort,
            PrefixesCut = extraction.PrefixesCut,
            Split = options.Split,
            PrefixLength = options.Split == ExtractionSplitKind.Leading ? options.PrefixLength : null,
            SuffixLength = options.SuffixLength,
            Beams = options.Beams,
        };
    }

    private static ExtractionMetrics Metrics(IReadOnlyList<DocumentMemorization> documents, Func<DocumentMemorization, SuffixContinuation> continuation, MemorizationOptions options) => new(
        [.. documents.Select(continuation)],
        options.SuffixLength,
        options.LossMaskColumnName is null ? null : [.. documents.Select(document => document.DroppedTokens!)]);
}
