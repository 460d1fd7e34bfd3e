namespace MLNetExt.Masking;

/// <summary>How the goldfish mask chooses the tokens that a model never learns to predict.</summary>
public enum GoldfishStrategy
{
    /// <summary>By an order-sensitive hash of the last h tokens: the same passage is masked alike wherever it stands. The default.</summary>
    Hash,

    /// <summary>As the paper's published program does: the product of the last h ids looks up a table of 1,000,003 numbers, made as PyTorch makes them on a
    /// CPU. The order of the ids does not matter, and a window with id 0 is dropped whenever k is at most 4.</summary>
    ReferenceHash,

    /// <summary>Every k-th target of a row: a passage that comes back at another offset is masked otherwise, so that all of it is learned.</summary>
    Static,

    /// <summary>With probability 1/k, by the place of the token in the data. It does not protect when rows recur, and is there to compare with.</summary>
    Random,
}
