using Microsoft.ML;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Scores documents that a model was trained on, and others.</summary>
internal sealed class MembershipRun(ISequenceScorer scorer, MemorizationOptions options, IDataView members, IDataView nonMembers)
{
    private const int FewestTokens = 2;

    private readonly TokenDocuments _members = Open(scorer, options, members);
    private readonly TokenDocuments _nonMembers = Open(scorer, options, nonMembers);

    public MembershipMetrics Run()
    {
        DocumentLikelihood[] scored = Score(_members, EvaluationStage.Members, out int membersLeftOut);
        DocumentLikelihood[] others = Score(_nonMembers, EvaluationStage.NonMembers, out int nonMembersLeftOut);
        return new MembershipMetrics(scored, others, membersLeftOut, nonMembersLeftOut);
    }

    private static TokenDocuments Open(ISequenceScorer scorer, MemorizationOptions options, IDataView data) =>
        new(data, options.TokensColumnName, lossMaskColumnName: null, options.TextColumnName, scorer.VocabularySize, scorer.TokenizerFingerprint);

    private DocumentLikelihood[] Score(TokenDocuments source, EvaluationStage stage, out int leftOut)
    {
        var scoring = new DocumentScorer(scorer, stride: 0, options.BatchSize, options.CancellationToken);
        var meter = new ProgressMeter(options.Progress, stage, source.RowCount);
        int tooShort = 0;
        DocumentLikelihood[] scored = [.. scoring.Score(source.Read().Where(HasScore), source, meter)];
        leftOut = tooShort;
        if (scored.Length == 0)
            throw new InvalidOperationException(
                $"Membership inference needs documents of at least {FewestTokens} tokens; none of the {tooShort} {(stage == EvaluationStage.Members ? "members" : "non-members")} in column '{source.TokensColumn.Name}' has as many.");
        return scored;

        bool HasScore(TokenDocument document)
        {
            if (document.Tokens.Length >= FewestTokens)
                return true;
            tooShort++;
            meter.LeaveOut();
            return false;
        }
    }
}
