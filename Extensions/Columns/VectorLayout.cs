namespace MLNetExt.Columns;

/// <summary>How the rows of a vector column are held.</summary>
public enum VectorLayout
{
    /// <summary>Sparse when the column is wider than 256 slots and the first 256 rows have an explicit entry in
    /// fewer than a quarter of them; dense otherwise. A <see cref="BatchSource"/> decides it once, when it is opened.</summary>
    Auto,

    /// <summary>Every slot of every row, as one float32 matrix.</summary>
    Dense,

    /// <summary>Only the entries that are not zero, as <see cref="SparseRows"/>.</summary>
    Sparse,
}
