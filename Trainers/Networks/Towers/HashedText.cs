using System.Globalization;
using System.Text;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Texts as sparse rows: how often each word, pair of neighbouring words, and run of 3 to 5 characters within a word
/// occurs, hashed into slots.</summary>
/// <remarks>A word is a run of letters, digits and the marks that belong to them, in lower case. For runs of characters it
/// has a mark at its beginning and at its end. Every row has length 1 unless words collide, so that long texts weigh no more
/// than short ones.</remarks>
internal static class HashedText
{
    private const int ShortestRun = 3, LongestRun = 5;
    private const int WordBegin = '<', WordEnd = '>';

    // FNV-1a, 64 bits: the hash is part of the model, so it is written out here.
    private const ulong OffsetBasis = 14695981039346656037, Prime = 1099511628211;

    /// <summary>The length of the rows: 2^bits slots, and a last one for texts without a word.</summary>
    public static int Width(int bits) => (1 << bits) + 1;

    /// <summary>The rows of <paramref name="texts"/>.</summary>
    public static SparseRows Rows(IReadOnlyList<string> texts, int bits, Device device)
    {
        var offsets = new long[texts.Count];
        var indices = new List<long>();
        var values = new List<float>();
        var slots = new List<int>();
        for (int row = 0; row < texts.Count; row++)
        {
            offsets[row] = indices.Count;
            slots.Clear();
            AddSlots(texts[row], bits, slots);
            slots.Sort();
            int first = values.Count;
            double squares = 0;
            for (int i = 0, end; i < slots.Count; i = end)
            {
                for (end = i + 1; end < slots.Count && slots[end] == slots[i];)
                    end++;
                indices.Add(slots[i]);
                values.Add(end - i);
                squares += (double)(end - i) * (end - i);
            }

            float scale = (float)(1 / Math.Sqrt(squares));
            for (int i = first; i < values.Count; i++)
                values[i] *= scale;
        }

        return new SparseRows(
            tensor(offsets, device: device), tensor(indices.ToArray(), device: device), tensor(values.ToArray(), device: device), Width(bits));
    }

    private static void AddSlots(string text, int bits, List<int> slots)
    {
        var word = new List<int>();
        ulong? previous = null;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (BelongsToWord(rune))
                word.Add(Rune.ToLowerInvariant(rune).Value);
            else
                previous = AddWord(word, previous, bits, slots);
        }

        AddWord(word, previous, bits, slots);
        if (slots.Count == 0)
            slots.Add(1 << bits);
    }

    /// <summary>Adds what a word, if there is one, gives, and empties it.</summary>
    /// <returns>The hash of the last word.</returns>
    private static ulong? AddWord(List<int> word, ulong? previous, int bits, List<int> slots)
    {
        if (word.Count == 0)
            return previous;
        word.Insert(0, WordBegin);
        word.Add(WordEnd);
        ulong hash = OffsetBasis;
        foreach (int character in word)
            hash = Mix(hash, character);
        slots.Add(Slot(hash, bits));
        if (previous is { } before)
            slots.Add(Slot(Mix(Mix(hash, (int)before), (int)(before >> 32)), bits));
        for (int start = 0; start < word.Count; start++)
        {
            ulong run = OffsetBasis;
            // The word as a whole was added above.
            for (int end = start; end < word.Count && end - start < LongestRun && end - start + 1 < word.Count; end++)
            {
                run = Mix(run, word[end]);
                if (end - start + 1 >= ShortestRun)
                    slots.Add(Slot(run, bits));
            }
        }

        word.Clear();
        return hash;
    }

    private static bool BelongsToWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Takes in the four bytes of a number, the lowest first.</summary>
    private static ulong Mix(ulong hash, int number)
    {
        for (int shift = 0; shift < 32; shift += 8)
            hash = unchecked((hash ^ (byte)(number >> shift)) * Prime);
        return hash;
    }

    /// <summary>The slot of a hash: its high bits, folded into the low ones, which depend on fewer of the characters.</summary>
    private static int Slot(ulong hash, int bits) => (int)((hash ^ (hash >> 32)) & ((1ul << bits) - 1));
}
