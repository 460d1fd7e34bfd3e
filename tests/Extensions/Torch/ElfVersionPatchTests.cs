using System.Buffers.Binary;
using System.Text;
using MLNetExt.Torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class ElfVersionPatchTests
{
    private const string Old = "GLIBCXX_3.4.30", Unneeded = "GLIBCXX_3.4.32";

    [TestMethod]
    public void Sets_the_weak_flag_of_that_version_and_changes_nothing_else()
    {
        byte[] original = Library();
        byte[] patched = [.. original];

        ElfVersionPatch.MakeWeak(patched, Unneeded);

        int[] changed = [.. Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i])];
        CollectionAssert.AreEqual(new[] { NeedsOffset + 16 + 16 + 4 }, changed);
        Assert.AreEqual(2, patched[changed[0]]);
    }

    [TestMethod]
    public void Patching_twice_is_patching_once()
    {
        byte[] once = Library();
        ElfVersionPatch.MakeWeak(once, Unneeded);
        byte[] twice = [.. once];
        ElfVersionPatch.MakeWeak(twice, Unneeded);
        CollectionAssert.AreEqual(once, twice);
    }

    [TestMethod]
    public void A_version_that_is_not_needed_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ElfVersionPatch.MakeWeak(Library(), "GLIBCXX_3.4.3"));
        Assert.Contains("GLIBCXX_3.4.3", error.Message);
    }

    [TestMethod]
    public void Every_cut_off_file_is_refused()
    {
        byte[] whole = Library();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.ThrowsExactly<InvalidDataException>(() => ElfVersionPatch.MakeWeak(cut, Unneeded), $"length {length}");
        }
    }

    [TestMethod]
    public void A_damaged_file_is_patched_or_refused()
    {
        byte[] whole = Library();
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 20_000; trial++)
        {
            byte[] damaged = [.. whole];
            for (int change = 0; change <= trial % 3; change++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ElfVersionPatch.MakeWeak(damaged, Unneeded);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.IsInRange(1, 19_999, refused);
    }

    private const int NamesOffset = 64, NeedsOffset = 128, SectionsOffset = 192;

    /// <summary>The smallest file with a section that needs two versions of one library.</summary>
    private static byte[] Library()
    {
        byte[] file = new byte[SectionsOffset + (2 * 64)];
        byte[] names = Encoding.ASCII.GetBytes($"\0{Old}\0{Unneeded}\0");
        names.CopyTo(file, NamesOffset);

        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        Write64(40, SectionsOffset);
        Write16(60, 2);

        Write16(NeedsOffset, 1);
        Write16(NeedsOffset + 2, 2);
        Write32(NeedsOffset + 8, 16);
        Write32(NeedsOffset + 16 + 8, 1);
        Write32(NeedsOffset + 16 + 12, 16);
        Write32(NeedsOffset + 32 + 8, (uint)(2 + Old.Length));

        WriteSection(SectionsOffset, type: 3, NamesOffset, (ulong)names.Length, link: 0);
        WriteSection(SectionsOffset + 64, type: 0x6FFFFFFE, NeedsOffset, 48, link: 0);
        return file;

        void WriteSection(int at, uint type, ulong offset, ulong size, uint link)
        {
            Write32(at + 4, type);
            Write64(at + 24, offset);
            Write64(at + 32, size);
            Write32(at + 40, link);
        }

        void Write16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Write32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Write64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
