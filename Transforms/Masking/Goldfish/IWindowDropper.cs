namespace MLNetExt.Masking;

/// <summary>Decides by a window of ids whether a token is dropped.</summary>
internal interface IWindowDropper
{
    /// <summary>Writes 0 where a token is dropped, otherwise 1.</summary>
    /// <param name="ids">At least <c>keep.Length + h - 1</c> ids.</param>
    /// <param name="h">The ids of a window.</param>
    /// <param name="keep">Entry i is decided by <c>ids[i]</c> to <c>ids[i + h - 1]</c>.</param>
    void Drop(ReadOnlySpan<int> ids, int h, Span<float> keep);
}
