using Microsoft.ML.SearchSpace;
using MLNetExt.Objectives;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>How tokens are dropped in the middle layers while an encoder is trained. Scores and validation always read all.</summary>
public sealed class EncoderDroppingOptions
{
    /// <summary>Whether tokens are dropped.</summary>
    [Choice(TokenDroppingKind.None, TokenDroppingKind.TokenDropping, TokenDroppingKind.Consistent)]
    public TokenDroppingKind Kind { get; set; } = TokenDroppingKind.None;

    /// <summary>The share of a row's tokens that the middle layers read, padding counted; in (0, 1]. Special tokens always are among them.</summary>
    [Range(0.3, 0.7, 0.5)]
    public double KeepRatio { get; set; } = 0.5;

    /// <summary>Which tokens are kept. Frequencies are those in the rows that are trained on.</summary>
    [Choice(TokenDroppingScore.Loss, TokenDroppingScore.Frequency, TokenDroppingScore.Random)]
    public TokenDroppingScore Score { get; set; } = TokenDroppingScore.Loss;

    /// <summary>How much of a token's importance stays at each update, for <see cref="TokenDroppingScore.Loss"/>; in [0, 1]. 0.95 is ScTD's, 0.995 that of the first paper, whose
    /// training has a million updates: short ones need at most 0.95.</summary>
    [Range(0.9, 0.995, 0.95)]
    public double ImportanceDecay { get; set; } = 0.95;

    /// <summary>The share of the updates at the start in which all tokens are read; in [0, 1]. 0 in the papers.</summary>
    public double FullStart { get; set; }

    /// <summary>The share of the updates at the end in which all tokens are read; in [0, 1], and at most 1 with <see cref="FullStart"/>. 0 in the papers. It counts from the updates that are
    /// planned: training that stops early ends before them.</summary>
    public double FullEnd { get; set; }

    /// <summary>ScTD: every how many updates both passes are made; at least 1.</summary>
    [Range(5, 50, 10, true)]
    public int Interval { get; set; } = 10;

    /// <summary>ScTD: the weight λ of the two divergences; at least 0. 0.05 of <see cref="ConsistencyScale.Sum"/> in the published program.</summary>
    public double ConsistencyWeight { get; set; } = 0.05;

    /// <summary>ScTD: what the weight is relative to. <see cref="ConsistencyScale.Mean"/> means within a batch, and not over all that <see cref="Training.TrainingOptions.GradientAccumulationSteps"/> adds up.</summary>
    public ConsistencyScale ConsistencyScale { get; set; } = ConsistencyScale.Sum;

    /// <summary>ScTD: the loss that counts half beside that of the dropped pass.</summary>
    public ConsistencySecondTerm SecondTerm { get; set; } = ConsistencySecondTerm.Full;

    /// <summary>ScTD: whether no gradient of the divergences flows into the full pass. It does in the published program.</summary>
    public bool DetachReference { get; set; }

    /// <summary>ScTD: the vector of a row that is compared. For <see cref="EncoderPooling.FirstToken"/> rows should begin with a special token, such as the tokenizer's <c>cls</c>, which the middle
    /// layers always read; any other may be dropped there, and then the vector before the cross layer is what is compared. Fit warns of such rows.</summary>
    public EncoderPooling Representation { get; set; } = EncoderPooling.FirstToken;

    internal SemanticConsistency? Consistency => Kind != TokenDroppingKind.Consistent
        ? null
        : new SemanticConsistency(ConsistencyWeight, Interval) { Scale = ConsistencyScale, SecondTerm = SecondTerm, DetachReference = DetachReference };

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        Require(Enum.IsDefined(Kind), Kind, string.Join(", ", Enum.GetNames<TokenDroppingKind>()));
        Require(KeepRatio is > 0 and <= 1, KeepRatio, "in (0, 1]");
        Require(Enum.IsDefined(Score), Score, string.Join(", ", Enum.GetNames<TokenDroppingScore>()));
        Require(ImportanceDecay is >= 0 and <= 1, ImportanceDecay, "in [0, 1]");
        Require(FullStart is >= 0 and <= 1, FullStart, "in [0, 1]");
        Require(FullEnd >= 0 && FullStart + FullEnd <= 1, FullEnd, "in [0, 1 - FullStart]");
        Require(Interval >= 1, Interval, "at least 1");
        Require(ConsistencyWeight >= 0 && double.IsFinite(ConsistencyWeight), ConsistencyWeight, "at least 0");
        Require(Enum.IsDefined(ConsistencyScale), ConsistencyScale, string.Join(" or ", Enum.GetNames<ConsistencyScale>()));
        Require(Enum.IsDefined(SecondTerm), SecondTerm, string.Join(" or ", Enum.GetNames<ConsistencySecondTerm>()));
        Require(Enum.IsDefined(Representation), Representation, string.Join(" or ", Enum.GetNames<EncoderPooling>()));
    }
}
