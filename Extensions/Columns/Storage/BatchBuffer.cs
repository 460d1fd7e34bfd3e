using MLNetExt.Torch;

namespace MLNetExt.Columns;

/// <summary>The memory of one batch, filled again and again.</summary>
internal sealed class BatchBuffer : IDisposable
{
    public BatchBuffer(RowReader reader, int capacity)
    {
        LibTorch.EnsureLoaded();
        Blocks = [.. reader.Cells.Select(cell => cell.CreateBlock(capacity))];
    }

    public ColumnBlock[] Blocks { get; }

    /// <summary>Writes the reader's current row as row <paramref name="row"/>; rows come in order, from 0.</summary>
    public void Write(int row)
    {
        foreach (ColumnBlock block in Blocks)
            block.Write(row);
    }

    /// <summary>The rows written, as a batch in this memory: valid until the next is asked for.</summary>
    /// <param name="rows">How many rows were written.</param>
    /// <param name="firstRow">As <see cref="TensorBatch.FirstRow"/>.</param>
    public TensorBatch ToBatch(int rows, long? firstRow = null)
    {
        var parts = new BatchParts();
        foreach (ColumnBlock block in Blocks)
            block.AddTo(parts, rows);
        return new TensorBatch(rows, parts.Tensors, parts.Sparse, parts.Texts, parts.Tokens, parts.Images) { FirstRow = firstRow };
    }

    public void Dispose()
    {
        foreach (ColumnBlock block in Blocks)
            block.Dispose();
    }
}
