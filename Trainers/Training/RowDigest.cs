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

    /// <summary>Adds the values, two floats or indices at a time, and their number.</summary>
    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        foreach (long pair in MemoryMarshal.Cast<byte, long>(bytes))
            Add(pair);
        if (bytes.Length % sizeof(long) != 0)
            Add((long)MemoryMarshal.Read<uint>(bytes[^sizeof(uint)..]));
        Add((long)values.Length);
    }

    public override string ToString() => _state.ToString("x16", CultureInfo.InvariantCulture);
}
