namespace MLNetExt.Columns;

/// <summary>Where a training loop gets its batches: the same batches for the same epoch, however often it is read.</summary>
public interface IBatchSource
{
    /// <summary>The number of rows in an epoch.</summary>
    long RowCount { get; }

    /// <summary>The number of batches in an epoch; the last may be short.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>Reads one epoch.</summary>
    /// <param name="epoch">The epoch, from 0. It selects the shuffle.</param>
    /// <param name="skip">How many batches to pass over first, for a run that resumes inside an epoch.</param>
    /// <returns>The batches, on the CPU, each valid until the next is asked for.</returns>
    IEnumerable<TensorBatch> Read(int epoch, int skip = 0);
}
