namespace MLNetExt.Columns;

/// <summary>An epoch read from the data through a buffer of rows from which they are drawn.</summary>
internal sealed class ShuffledStreamEpoch(StreamedEpoch stream, RowTable slots, ShuffleBuffer shuffle) : IEpochReader
{
    private bool _isPrimed;

    public void Fill(BatchBuffer batch, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            int slot = Draw();
            slots.Gather(new ReadOnlySpan<int>(in slot), batch, at: i);
            Refill(slot);
        }
    }

    public void Skip(long rows)
    {
        for (long i = 0; i < rows; i++)
            Refill(Draw());
    }

    public void Dispose() => stream.Dispose();

    private int Draw()
    {
        if (!_isPrimed)
            Prime();
        return shuffle.Draw();
    }

    private void Prime()
    {
        for (int slot = 0; stream.HasNext && !shuffle.IsFull; slot++)
        {
            stream.Read();
            slots.Put(slot);
            shuffle.Add(slot);
        }
        _isPrimed = true;
    }

    private void Refill(int slot)
    {
        if (!stream.HasNext)
        {
            shuffle.Remove();
            return;
        }
        stream.Read();
        slots.Put(slot);
    }
}
