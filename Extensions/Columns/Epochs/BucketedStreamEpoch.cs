namespace MLNetExt.Columns;

/// <summary>An epoch read from the data through a buffer of rows, from which they are drawn into buckets of like length.</summary>
/// <remarks>A slot that was drawn keeps its row until a batch takes it; meanwhile another slot stands in its place in the buffer.</remarks>
internal sealed class BucketedStreamEpoch(StreamedEpoch stream, RowTable slots, ShuffleBuffer shuffle, LengthBuckets buckets) : IEpochReader
{
    private readonly Stack<int> _free = [];
    private int _slotCount;
    private long _waiting;
    private bool _isPrimed;

    public void Fill(BatchBuffer batch, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            int slot = Advance();
            slots.Gather(new ReadOnlySpan<int>(in slot), batch, at: i);
        }
    }

    public void Skip(long rows)
    {
        for (long i = 0; i < rows; i++)
            Advance();
    }

    public void Dispose() => stream.Dispose();

    /// <summary>The next slot; it keeps its row until the next call.</summary>
    private int Advance()
    {
        if (!_isPrimed)
            Prime();
        if (buckets.IsEmpty)
            buckets.Fill((int)Math.Min(buckets.Capacity, _waiting + stream.Remaining), Draw);
        int slot = buckets.Next();
        _free.Push(slot);
        return slot;
    }

    private void Prime()
    {
        for (; stream.HasNext && !shuffle.IsFull; _waiting++)
            shuffle.Add(ReadIntoSlot());
        _isPrimed = true;
    }

    private (int Slot, int Length) Draw()
    {
        int slot = shuffle.Draw();
        if (stream.HasNext)
        {
            shuffle.Replace(ReadIntoSlot());
        }
        else
        {
            shuffle.Remove();
            _waiting--;
        }
        return (slot, slots.TokenCount(buckets.Column, slot));
    }

    private int ReadIntoSlot()
    {
        int slot = _free.TryPop(out int free) ? free : _slotCount++;
        stream.Read();
        slots.Put(slot);
        return slot;
    }
}
