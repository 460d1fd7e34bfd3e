using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetExt.Training;

/// <summary>A running 64-bit digest of rows and their order, by which a resumed run knows its data again. Not a cryptographic one.</summary>
internal sealed class RowDigest
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private ulong _state = Multiplier;

    public void Add(long value) => _state = BitOperations.RotateLeft((_state ^ (ulong)value) * Multiplier, 29);

    public void Add(float value) => Add((long)BitConverter.SingleToUInt32Bits(value));

    /// <summary>The digest so far.</summary>
    public long Value => (long)_state;

    /// <summary>Adds the values, eight bytes at a time, and their number.</summary>
    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        foreach (long word in MemoryMarshal.Cast<byte, long>(bytes))
            Add(word);
        long rest = 0;
        bytes[(bytes.Length / sizeof(long) * sizeof(long))..].CopyTo(MemoryMarshal.AsBytes(new Span<long>(ref rest)));
        if (bytes.Length % sizeof(long) != 0)
            Add(rest);
        Add((long)values.Length);
    }

    public override string ToString() => _state.ToString("x16", CultureInfo.InvariantCulture);
}
