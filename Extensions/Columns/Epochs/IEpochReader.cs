namespace MLNetExt.Columns;

/// <summary>The rows of one epoch, in order.</summary>
internal interface IEpochReader : IDisposable
{
    /// <summary>Writes the next rows to a batch.</summary>
    void Fill(BatchBuffer batch, int rows);

    /// <summary>Passes over the next rows.</summary>
    void Skip(long rows);
}
