namespace MLNetExt.Columns;

/// <summary>A set of row numbers, one bit a row.</summary>
internal sealed class RowMask
{
    private ulong[] _bits = [];

    public long Count { get; private set; }

    public void Add(long row)
    {
        long word = row >> 6;
        if (word >= _bits.Length)
            Array.Resize(ref _bits, checked((int)Math.Max(word + 1, 2L * _bits.Length)));
        _bits[word] |= 1UL << (int)(row & 63);
        Count++;
    }

    public bool Contains(long row) => row >> 6 < _bits.Length && (_bits[row >> 6] >> (int)(row & 63) & 1) != 0;
}
