namespace MLNetExt.Columns;

/// <summary>Puts rows of like length into one batch: it takes a window of drawn rows, sorts them by length, cuts them into batches
/// and gives the batches in a shuffled order. Cached and streamed epochs make the same windows, so they give the same order.</summary>
internal sealed class LengthBuckets(int column, int batchRows, int windowBatches)
{
    private const int SeedOffset = 0x5EED;
    private readonly int[] _drawn = new int[batchRows * windowBatches];
    private readonly long[] _keys = new long[batchRows * windowBatches];
    private readonly int[] _order = new int[batchRows * windowBatches];
    private SplitMix64 _random;
    private int _count;
    private int _next;

    /// <summary>Which of the columns' lengths count.</summary>
    public int Column => column;

    public bool IsEmpty => _next == _count;

    /// <summary>How many rows a window holds at most.</summary>
    public int Capacity => _order.Length;

    public void Restart(int seed, int epoch)
    {
        _random = SplitMix64.For(seed ^ SeedOffset, epoch);
        _count = _next = 0;
    }

    /// <summary>The next row; there must be one.</summary>
    public int Next() => _order[_next++];

    /// <summary>Takes a new window. Only an epoch's last may be no whole number of batches.</summary>
    /// <param name="count">How many rows, at most <see cref="Capacity"/>.</param>
    /// <param name="draw">Draws a row and gives its length.</param>
    public void Fill(int count, Func<(int Item, int Length)> draw)
    {
        for (int i = 0; i < count; i++)
        {
            (int item, int length) = draw();
            _drawn[i] = item;
            // The place in the window breaks ties: what was drawn first comes first.
            _keys[i] = ((long)length << 32) | (uint)i;
        }
        Array.Sort(_keys, 0, count);
        Arrange(count);
        (_count, _next) = (count, 0);
    }

    private void Arrange(int count)
    {
        int batches = Math.DivRem(count, batchRows, out int rest);
        // The short batch comes last, and its rows are of any length: it stands at a random place among the sorted rows.
        int restAt = rest == 0 ? batches : _random.Next(batches + 1);
        Span<int> starts = new int[batches];
        for (int b = 0; b < batches; b++)
            starts[b] = b * batchRows + (b >= restAt ? rest : 0);
        for (int b = batches - 1; b > 0; b--)
        {
            int other = _random.Next(b + 1);
            (starts[b], starts[other]) = (starts[other], starts[b]);
        }
        int at = 0;
        foreach (int start in starts)
            at = Copy(start, batchRows, at);
        Copy(restAt * batchRows, rest, at);
    }

    private int Copy(int start, int rows, int at)
    {
        for (int i = start; i < start + rows; i++)
            _order[at++] = _drawn[(int)(_keys[i] & uint.MaxValue)];
        return at;
    }
}
