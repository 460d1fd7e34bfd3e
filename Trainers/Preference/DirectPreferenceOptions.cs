using Microsoft.ML.SearchSpace;
using MLNetExt.Objectives;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Preference;

/// <summary>The options of <see cref="DirectPreferenceTrainer"/>.</summary>
public sealed class DirectPreferenceOptions : PreferenceTrainerOptions
{
    private const double DefaultBeta = 0.1, DefaultBetaOfSimPo = 2;

    private double? _beta;

    /// <summary>The loss.</summary>
    public PreferenceLoss Loss { get; set; } = PreferenceLoss.Dpo;

    /// <summary>β, how strongly the model is held to the reference, and for CPO, SimPO and ORPO the weight of the comparison; above 0. Until it is set it is
    /// 0.1, TRL's default, and 2 for SimPO, as in its paper.</summary>
    [Range(0.01, 2.5, 0.1, true)]
    public double Beta
    {
        get => _beta ?? (Loss == PreferenceLoss.SimPo ? DefaultBetaOfSimPo : DefaultBeta);
        set => _beta = value;
    }

    /// <summary>α of CPO: what fine-tuning on the chosen completion counts beside the comparison; at least 0.</summary>
    public double Alpha { get; set; } = 1;

    /// <summary>γ of SimPO: by how much the chosen completion's reward is to be ahead; at least 0.</summary>
    public double Gamma { get; set; } = 0.5;

    /// <summary>The share of pairs that are taken to be labelled the wrong way round, for DPO and robust DPO; in [0, 0.5), and 0 for other losses.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>What a desired completion counts for KTO; above 0.</summary>
    public double DesirableWeight { get; set; } = 1;

    /// <summary>What an undesired completion counts for KTO; above 0.</summary>
    public double UndesirableWeight { get; set; } = 1;

    /// <inheritdoc cref="BinaryCringeOptions.CompletionColumnName"/>
    public string? CompletionColumnName { get; set; }

    /// <inheritdoc cref="BinaryCringeOptions.LabelColumnName"/>
    public string LabelColumnName { get; set; } = "Label";

    internal override PreferenceColumns Columns => SingleCompletions.ColumnsOf(this, CompletionColumnName, LabelColumnName);

    internal override bool NeedsDesired => Loss == PreferenceLoss.ChosenOnly;

    internal override bool NeedsReference => CreateObjective(start: null).NeedsReference;

    internal override IPreferenceObjective CreateObjective(MarginQuantiles? start) => Loss switch
    {
        PreferenceLoss.Dpo => new DirectPreference(Beta, LabelSmoothing),
        PreferenceLoss.RobustDpo => new DirectPreference(Beta, LabelSmoothing, robust: true),
        PreferenceLoss.Ipo => new IdentityPreference(Beta),
        PreferenceLoss.Hinge => new HingePreference(Beta),
        PreferenceLoss.Cpo => new ContrastivePreference(Beta, Alpha),
        PreferenceLoss.SimPo => new SimplePreference(Beta, Gamma),
        PreferenceLoss.Orpo => new OddsRatioPreference(Beta),
        PreferenceLoss.Kto => new KahnemanTversky(Beta, DesirableWeight, UndesirableWeight),
        PreferenceLoss.Unlikelihood => new Unlikelihood(),
        _ => new ChosenCrossEntropy(),
    };

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Loss), Loss, string.Join(", ", Enum.GetNames<PreferenceLoss>()));
        Require(IsPositive(Beta), Beta, "above 0");
        Require(Alpha >= 0 && double.IsFinite(Alpha), Alpha, "at least 0");
        Require(Gamma >= 0 && double.IsFinite(Gamma), Gamma, "at least 0");
        Require(LabelSmoothing is >= 0 and < 0.5, LabelSmoothing, "in [0, 0.5)");
        if (LabelSmoothing > 0 && Loss is not (PreferenceLoss.Dpo or PreferenceLoss.RobustDpo))
            throw new ArgumentException($"LabelSmoothing is {LabelSmoothing}, and {Loss} has none: set it to 0, or choose Dpo or RobustDpo.");
        Require(IsPositive(DesirableWeight), DesirableWeight, "above 0");
        Require(IsPositive(UndesirableWeight), UndesirableWeight, "above 0");
        if (CompletionColumnName is not null && CreateObjective(start: null).NeedsPairs)
            throw new ArgumentException($"CompletionColumnName is set, and {Loss} compares pairs: set ChosenColumnName and RejectedColumnName, or choose Kto, Unlikelihood or ChosenOnly.");
        if (Loss == PreferenceLoss.Kto && CompletionColumnName is not null && BatchSize == 1)
            throw new ArgumentException("BatchSize is 1, and Kto measures a completion against the mean of its batch: alone it is its own zero. Raise BatchSize.");
    }
}
