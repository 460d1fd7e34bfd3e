namespace MLNetExt.Evaluation;

/// <summary>What a judge says of two completions.</summary>
public enum PreferenceVerdict
{
    /// <summary>Neither is better.</summary>
    Tie,

    /// <summary>The one that was shown first.</summary>
    First,

    /// <summary>The one that was shown second.</summary>
    Second,

    /// <summary>The judge's answer could not be understood.</summary>
    Unreadable,
}
