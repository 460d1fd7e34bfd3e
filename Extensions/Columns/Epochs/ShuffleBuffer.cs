namespace MLNetExt.Columns;

/// <summary>A shuffle that never holds more than <paramref name="capacity"/> rows: each row drawn makes room for the next
/// of the stream. Cached and streamed epochs make the same draws, so they give the same order.</summary>
internal sealed class ShuffleBuffer(int capacity)
{
    private readonly int[] _items = new int[capacity];
    private SplitMix64 _random;
    private int _count;
    private int _drawn;

    public bool IsFull => _count == _items.Length;

    public void Restart(int seed, int epoch)
    {
        _random = SplitMix64.For(seed, epoch);
        _count = 0;
    }

    /// <summary>Adds an item while the buffer is filled for the first time.</summary>
    public void Add(int item) => _items[_count++] = item;

    /// <summary>Draws an item; it stays until it is replaced or removed.</summary>
    public int Draw()
    {
        _drawn = _random.Next(_count);
        return _items[_drawn];
    }

    /// <summary>Puts an item in the place of the one drawn.</summary>
    public void Replace(int item) => _items[_drawn] = item;

    /// <summary>Removes the one drawn, when the stream has ended.</summary>
    public void Remove() => _items[_drawn] = _items[--_count];
}
