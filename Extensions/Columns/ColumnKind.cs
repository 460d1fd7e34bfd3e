namespace MLNetExt.Columns;

/// <summary>What a column becomes in a batch.</summary>
public enum ColumnKind
{
    /// <summary>A float32 vector of fixed length: <c>[rows, width]</c>, or <see cref="SparseRows"/>.</summary>
    Vector,

    /// <summary>One float32 number a row: <c>[rows]</c>.</summary>
    Scalar,

    /// <summary>One int64 class number a row: <c>[rows]</c>, 0 for the key type's first value, -100 for a missing key.</summary>
    Key,

    /// <summary>One string a row.</summary>
    Text,

    /// <summary>Token ids of varying number: <see cref="TokenRows"/>.</summary>
    Tokens,

    /// <summary>A float32 number for each token of a row, such as a loss mask: <c>[rows, longest]</c>, 0 behind a row's end.</summary>
    TokenWeights,

    /// <summary>An image of known size: <see cref="ImageRows"/>.</summary>
    Image,
}
