namespace MLNetExt.Masking;

/// <summary>By what tokens are kept.</summary>
public enum DropScoring
{
    /// <summary>How rare the token is: Fit counts them. The default.</summary>
    Frequency,

    /// <summary>What a given table says of the token, such as the importance that a trainer learned.</summary>
    Table,

    /// <summary>Chance.</summary>
    Random,
}
