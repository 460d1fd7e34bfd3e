using System.Text.Json.Serialization;
using MLNetExt.Objectives;

namespace MLNetExt.Preference;

/// <summary>The losses of <see cref="DirectPreferenceTrainer"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreferenceLoss>))]
public enum PreferenceLoss
{
    /// <summary>DPO, with label smoothing if wanted: <see cref="DirectPreference"/>.</summary>
    Dpo,

    /// <summary>DPO made robust to labels of which <see cref="DirectPreferenceOptions.LabelSmoothing"/> are wrong.</summary>
    RobustDpo,

    /// <summary><see cref="IdentityPreference"/>.</summary>
    Ipo,

    /// <summary>The hinge of SLiC and RSO: <see cref="HingePreference"/>.</summary>
    Hinge,

    /// <summary>Without reference: <see cref="SimplePreference"/>.</summary>
    SimPo,

    /// <summary>Without reference: <see cref="OddsRatioPreference"/>.</summary>
    Orpo,

    /// <summary>From pairs or single completions: <see cref="KahnemanTversky"/>.</summary>
    Kto,

    /// <summary>Without reference, from pairs or single completions: <see cref="Objectives.Unlikelihood"/>.</summary>
    Unlikelihood,

    /// <summary>Plain fine-tuning on what is chosen or desired: <see cref="ChosenCrossEntropy"/>.</summary>
    ChosenOnly,

    /// <summary>Without reference: <see cref="ContrastivePreference"/>.</summary>
    Cpo,
}
