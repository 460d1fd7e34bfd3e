using Microsoft.ML;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Scores documents that a model was trained on, and others.</summary>
internal sealed class MembershipRun(ISequenceScorer scorer, MemorizationOptions options)
{
    private const int FewestTokens = 2;

    public MembershipMetrics Run(IDataView members, IDataView nonMembers)
    {
        DocumentLikelihood[] scored = Score(members, EvaluationStage.Members, out int membersLeftOut);
        DocumentLikelihood[] others = Score(nonMembers, EvaluationStage.NonMembers, out int nonMembersLeftOut);
        return new MembershipMetrics(scored, others, membersLeftOut, nonMembersLeftOut);
    }

    private DocumentLikelihood[] Score(IDataView data, EvaluationStage stage, out int leftOut)
    {
        var source = new TokenDocuments(data, options.TokensColumnName, lossMaskColumnName: null, options.TextColumnName, scorer.VocabularySize);
        var scoring = new DocumentScorer(scorer, stride: 0, options.BatchSize, options.CancellationToken);
        int tooShort = 0;
        DocumentLikelihood[] scored =
            [.. scoring.Score(source.Read().Where(HasScore), source, new ProgressMeter(options.Progress, stage, data))];
        leftOut = tooShort;
        if (scored.Length == 0)
            throw new InvalidOperationException(
                $"Membership inference needs documents of at least {FewestTokens} tokens; none of the {tooShort} {(stage == EvaluationStage.Members ? "members" : "non-members")} in column '{source.TokensColumn.Name}' has as many.");
        return scored;

        bool HasScore(TokenDocument document)
        {
            bool hasScore = document.Tokens.Length >= FewestTokens;
            tooShort += hasScore ? 0 : 1;
            return hasScore;
        }
    }
}
