namespace MLNetExt.Columns;

/// <summary>A block that takes rows of varying length.</summary>
internal interface ISequenceBlock<T>
{
    /// <summary>Adds row <paramref name="row"/>; rows come in order.</summary>
    void Append(int row, ReadOnlySpan<T> values);
}
