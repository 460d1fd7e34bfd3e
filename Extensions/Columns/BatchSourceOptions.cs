namespace MLNetExt.Columns;

/// <summary>How a <see cref="BatchSource"/> cuts data into batches.</summary>
public sealed class BatchSourceOptions
{
    /// <summary>Rows in a batch, at least 1; the last batch of an epoch may be shorter.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Whether each epoch has an order of its own; otherwise rows come as in the data.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>What the shuffled orders follow from. The same seed gives the same batches, cached or streamed.</summary>
    public int Seed { get; init; }

    /// <summary>A token column by whose length rows are put together, so that a batch has little padding; null for no such order.</summary>
    /// <remarks>Rows are drawn as without it, some 64 batches of them at a time (fewer when a shuffle buffer of about 32 MiB holds fewer), and sorted by length;
    /// the batches cut from them come in a shuffled order. It needs <see cref="Shuffle"/>.</remarks>
    public string? BucketBy { get; init; }

    /// <summary>The bytes that the rows may take in memory. Rows that need more are read from the data in every epoch; 0 always does so.</summary>
    /// <remarks>Not counted: the batch itself, and a shuffle buffer of about 32 MiB when streaming, or two with <see cref="BucketBy"/>.</remarks>
    public long MemoryBudgetBytes { get; init; } = 1L << 30;
}
