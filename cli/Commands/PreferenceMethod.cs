namespace MLNetExt.Cli.Commands;

/// <summary>The losses of <c>mlnetext train preference</c>.</summary>
internal enum PreferenceMethod
{
    PairwiseCringe,
    BinaryCringe,
    Dpo,
    RobustDpo,
    Ipo,
    Hinge,
    Cpo,
    SimPo,
    Orpo,
    Kto,
    Unlikelihood,
    Sft,
}
