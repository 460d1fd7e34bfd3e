using System.Buffers.Binary;
using System.Text;

namespace MLNetExt.Torch;

/// <summary>Makes a symbol version that an ELF library needs optional.</summary>
/// <remarks>
/// Layout: System V ABI, "Object files", and the Linux Standard Base, "Symbol versioning" (section .gnu.version_r, structures
/// Verneed and Vernaux). The dynamic loader only notes a missing version whose Vernaux entry has VER_FLG_WEAK set.
/// </remarks>
internal static class ElfVersionPatch
{
    private const uint ElfMagic = 0x464C457F;
    private const byte Class64 = 2, LittleEndian = 1;
    private const uint SectionTypeVersionNeeds = 0x6FFFFFFE;
    private const ushort WeakFlag = 2;
    private const int HeaderSize = 64, SectionHeaderSize = 64, EntrySize = 16;

    /// <summary>Sets the weak flag of every entry that needs <paramref name="version"/>.</summary>
    /// <param name="image">A whole 64-bit little-endian ELF file, changed in place.</param>
    /// <param name="version">For example <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="InvalidDataException">The image is no such file, or does not need that version.</exception>
    public static void MakeWeak(Span<byte> image, string version)
    {
        var header = Slice(image, 0, HeaderSize);
        if (UInt32(header, 0) != ElfMagic || header[4] != Class64 || header[5] != LittleEndian)
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        ulong sections = UInt64(header, 40);
        int sectionCount = UInt16(header, 60);
        bool found = false;
        for (int i = 0; i < sectionCount; i++)
        {
            var section = SectionHeader(image, sections, i);
            if (UInt32(section, 4) != SectionTypeVersionNeeds)
                continue;
            var names = Contents(image, SectionHeader(image, sections, (int)Math.Min(UInt32(section, 40), int.MaxValue)));
            found |= MakeWeak(Contents(image, section), names, Encoding.ASCII.GetBytes(version));
        }

        if (!found)
            throw new InvalidDataException($"The library does not need the version {version}.");
    }

    // Verneed: version u16, count u16, file u32, first aux u32, next u32. Vernaux: hash u32, flags u16, other u16, name u32, next u32.
    // "First" and "next" are offsets from the entry itself; a next of 0 ends the list, so each list only moves forwards.
    private static bool MakeWeak(Span<byte> needs, ReadOnlySpan<byte> names, ReadOnlySpan<byte> version)
    {
        bool found = false;
        ulong need = 0, nextNeed;
        do
        {
            var needEntry = Slice(needs, need, EntrySize);
            ulong aux = need + UInt32(needEntry, 8), nextAux;
            do
            {
                var auxEntry = Slice(needs, aux, EntrySize);
                if (NameAt(names, UInt32(auxEntry, 8)).SequenceEqual(version))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(auxEntry[4..], (ushort)(UInt16(auxEntry, 4) | WeakFlag));
                    found = true;
                }

                nextAux = UInt32(auxEntry, 12);
                aux += nextAux;
            }
            while (nextAux != 0);
            nextNeed = UInt32(needEntry, 12);
            need += nextNeed;
        }
        while (nextNeed != 0);
        return found;
    }

    private static Span<byte> SectionHeader(Span<byte> image, ulong sections, int index) =>
        Slice(image, sections, ((ulong)index + 1) * SectionHeaderSize)[(index * SectionHeaderSize)..];

    private static Span<byte> Contents(Span<byte> image, ReadOnlySpan<byte> section) =>
        Slice(image, UInt64(section, 24), UInt64(section, 32));

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names, uint offset)
    {
        var rest = names[(int)Math.Min(offset, (uint)names.Length)..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? throw new InvalidDataException("The ELF file's string table is cut off.") : rest[..end];
    }

    private static Span<byte> Slice(Span<byte> data, ulong offset, ulong length)
    {
        if (offset > (ulong)data.Length || length > (ulong)data.Length - offset)
            throw new InvalidDataException("The ELF file is cut off.");
        return data.Slice((int)offset, (int)length);
    }

    private static ushort UInt16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(data[offset..]);
    private static uint UInt32(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);
    private static ulong UInt64(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(data[offset..]);
}
