namespace MLNetExt.Evaluation;

/// <summary>Membership inference: can an attacker tell, from the model's likelihoods, which documents it was trained on?</summary>
/// <remarks>It means something only when members and non-members are draws from one distribution; otherwise it measures how the two differ.</remarks>
public sealed class MembershipMetrics
{
    internal MembershipMetrics(DocumentLikelihood[] members, DocumentLikelihood[] nonMembers, int membersLeftOut, int nonMembersLeftOut)
    {
        MemberCount = members.Length;
        NonMemberCount = nonMembers.Length;
        MembersLeftOut = membersLeftOut;
        NonMembersLeftOut = nonMembersLeftOut;
        MemberLoss = members.Average(document => document.MeanNegativeLogLikelihood);
        NonMemberLoss = nonMembers.Average(document => document.MeanNegativeLogLikelihood);
        Loss = new MembershipAttack(LossScores(members), LossScores(nonMembers));
        if (members.Concat(nonMembers).All(document => document.Text is not null))
            Zlib = new MembershipAttack(ZlibScores(members), ZlibScores(nonMembers));
    }

    /// <summary>The number of members scored.</summary>
    public int MemberCount { get; }

    /// <summary>The number of non-members scored.</summary>
    public int NonMemberCount { get; }

    /// <summary>The number of members with fewer than 2 tokens, which have no score.</summary>
    public int MembersLeftOut { get; }

    /// <summary>The number of non-members with fewer than 2 tokens, which have no score.</summary>
    public int NonMembersLeftOut { get; }

    /// <summary>The mean over members of the mean loss of their tokens, in nats.</summary>
    public double MemberLoss { get; }

    /// <summary>The mean over non-members of the mean loss of their tokens, in nats.</summary>
    public double NonMemberLoss { get; }

    /// <summary>The attack by <see cref="MembershipScore.OfLoss"/>.</summary>
    public MembershipAttack Loss { get; }

    /// <summary>The attack by <see cref="MembershipScore.OfLossPerZlibByte"/>; null without <see cref="MemorizationOptions.TextColumnName"/>.</summary>
    public MembershipAttack? Zlib { get; }

    private static double[] LossScores(DocumentLikelihood[] documents) =>
        [.. documents.Select(document => MembershipScore.OfLoss(document.MeanNegativeLogLikelihood))];

    private static double[] ZlibScores(DocumentLikelihood[] documents) =>
        [.. documents.Select(document => MembershipScore.OfLossPerZlibByte(document.MeanNegativeLogLikelihood, document.Text!))];
}
