namespace MLNetExt.Objectives;

/// <summary>How the losses of a completion's tokens become the loss of the completion.</summary>
public enum TokenReduction
{
    /// <summary>Their mean: completions count alike, however long.</summary>
    Mean,

    /// <summary>Their sum: long completions count more.</summary>
    Sum,
}
