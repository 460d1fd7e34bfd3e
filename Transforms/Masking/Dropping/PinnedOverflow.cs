namespace MLNetExt.Masking;

/// <summary>What happens when a row has more pinned tokens than are to be kept.</summary>
public enum PinnedOverflow
{
    /// <summary>It is an error that names the row.</summary>
    Refuse,

    /// <summary>As many tokens are kept as there are pinned ones: in a batch, in the row with the most of them.</summary>
    KeepMore,

    /// <summary>Pinned tokens are dropped too, the last ones first.</summary>
    Drop,
}
