using Microsoft.ML.SearchSpace;
using MLNetExt.Objectives;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Preference;

/// <summary>The options of <see cref="PairwiseCringeTrainer"/>. The published text could not be read for them: each is an option, and its default says where it comes from.</summary>
public sealed class PairwiseCringeOptions : PreferenceTrainerOptions
{
    /// <summary>b: the gate is one half where log p(chosen) − log p(rejected) is b, and closes beyond. −10 did best in our study of repetition. Not read with <see cref="AutoGate"/>.</summary>
    [Range(-30.0, 30.0, -10.0)]
    public double Offset { get; set; } = -10;

    /// <summary>τ, how softly the gate closes; 0 for a hard margin. With <see cref="AutoGate"/> it is read only when all margins at the start are the same.</summary>
    [Range(0.0, 30.0, 10.0)]
    public double Temperature { get; set; } = 10;

    /// <summary>Whether b and τ are chosen from the margins of up to 256 pairs at the start: b so that nine tenths of the pairs lie below it, τ half of their standard deviation.
    /// When they do not differ τ is <see cref="Temperature"/>, with a warning.</summary>
    [BooleanChoice(false)]
    public bool AutoGate { get; set; }

    /// <summary>α, the weight of the cringe term of the rejected completion; at least 0.</summary>
    [Range(0.01, 2.0, 1.0, true)]
    public double Alpha { get; set; } = 1;

    /// <summary>k: each rejected token is set against one of the k likeliest others; at least 1. 5 is recalled as the paper's, its program's default is 1.</summary>
    [Range(1, 10, 5)]
    public int Candidates { get; set; } = 5;

    /// <summary>Whether the gate is a constant weight of a pair rather than differentiated; then the margin itself is not trained.</summary>
    [BooleanChoice(true)]
    public bool DetachGate { get; set; } = true;

    /// <summary>Whether the token that a rejected one is set against is left as it is rather than made likelier.</summary>
    public bool DetachPositives { get; set; }

    /// <summary>Whether margins are of the log-probabilities per token rather than of the completion.</summary>
    public bool LengthNormalizeMargin { get; set; }

    /// <summary>Whether a completion's loss is the mean over its tokens or their sum.</summary>
    public TokenReduction Reduction { get; set; } = TokenReduction.Mean;

    internal override PreferenceColumns Columns => new(PromptColumnName, [ChosenColumnName, RejectedColumnName], Label: null);

    internal override bool NeedsReference => false;

    internal override bool MeasuresStart => true;

    internal override bool MarginsArePerToken => LengthNormalizeMargin;

    internal override IPreferenceObjective CreateObjective(MarginQuantiles? start) => new PairwiseCringe(
        CringeChoice.Contrast(this, Candidates, DetachPositives),
        AutoGate ? start!.P90 : Offset,
        AutoGate && start!.Deviation > 0 ? start.Deviation / 2 : Temperature,
        Alpha)
    {
        DetachGate = DetachGate,
        LengthNormalizeMargin = LengthNormalizeMargin,
        TokenReduction = Reduction,
    };

    internal override void Validate()
    {
        base.Validate();
        RequireName(ChosenColumnName);
        RequireName(RejectedColumnName);
        Require(double.IsFinite(Offset), Offset, "finite");
        Require(Temperature >= 0 && double.IsFinite(Temperature), Temperature, "at least 0");
        Require(Alpha >= 0 && double.IsFinite(Alpha), Alpha, "at least 0");
        Require(Candidates >= 1, Candidates, "at least 1");
        Require(Enum.IsDefined(Reduction), Reduction, string.Join(" or ", Enum.GetNames<TokenReduction>()));
    }
}
