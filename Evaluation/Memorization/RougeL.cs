using System.Numerics;

namespace MLNetExt.Evaluation;

/// <summary>RougeL of token ids: how much of the true continuation stands, in order, in the generated one (Lin, 2004).</summary>
public static class RougeL
{
    /// <summary>The F1 of the longest common subsequence: with P = LCS / generated and R = LCS / reference, 2PR / (P + R).</summary>
    /// <returns>In [0, 1]; 0 when either is empty.</returns>
    public static double Score(ReadOnlySpan<int> generated, ReadOnlySpan<int> reference) =>
        generated.IsEmpty || reference.IsEmpty
            ? 0
            : 2.0 * LongestCommonSubsequence(generated, reference) / ((long)generated.Length + reference.Length);

    /// <summary>The length of the longest common subsequence.</summary>
    /// <remarks>Bit-parallel (Hyyrö, 2004): 64 cells of the table at a time, so that two sequences of 2,048 ids take some 65,000 steps.</remarks>
    public static int LongestCommonSubsequence(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int words = (b.Length + 63) / 64;
        var positions = new Dictionary<int, ulong[]>();
        for (int i = 0; i < b.Length; i++)
        {
            if (!positions.TryGetValue(b[i], out ulong[]? bits))
                positions.Add(b[i], bits = new ulong[words]);
            bits[i / 64] |= 1UL << (i % 64);
        }

        // Bit i of the column is 0 where the table's value rises between prefixes i and i + 1 of b.
        var column = new ulong[words];
        Array.Fill(column, ulong.MaxValue);
        foreach (int id in a)
        {
            if (!positions.TryGetValue(id, out ulong[]? matches))
                continue;
            ulong carry = 0;
            for (int word = 0; word < words; word++)
            {
                ulong matched = column[word] & matches[word];
                ulong sum = column[word] + matched;
                ulong carried = sum + carry;
                carry = sum < matched || carried < carry ? 1UL : 0;
                column[word] = carried | (column[word] & ~matches[word]);
            }
        }
        return column.Sum(word => BitOperations.PopCount(~word));
    }
}
