using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

/// <summary>The hashed masks written down target by target, as slowly as the definition says.</summary>
internal static class GoldfishOracle
{
    public static float[] Mask(GoldfishRule rule, int[] ids, long[] documents)
    {
        float[] table = rule.Strategy == GoldfishStrategy.ReferenceHash ? Table : [];
        var keep = new float[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            keep[i] = IsDropped(rule, ids, documents, i, table) ? 0 : 1;
        return keep;
    }

    private static float[] Table { get; } = [.. ReferenceTable.Values(GoldfishRule.DefaultSeed, ReferenceTable.Size)];

    private static bool IsDropped(GoldfishRule rule, int[] ids, long[] documents, int i, float[] table)
    {
        int end = rule.IncludeTarget ? i + 1 : i;
        int start = end - rule.H;
        // A window that holds its target holds targets alone, and a row's first token is none.
        if (start < (rule is { IncludeTarget: true, FirstIsTarget: false } ? 1 : 0) || (i == 0 && !rule.FirstIsTarget) || rule.ExemptIds.Contains(ids[i]))
            return false;
        for (int j = start; j <= i; j++)
        {
            if (documents.Length > 0 && documents[j] != documents[i])
                return false;
            if (j < i && ids[j] == rule.EndOfDocumentId)
                return false;
            if (rule.Strategy == GoldfishStrategy.Hash && ids[j] == rule.IgnoreId)
                return false;
        }
        if (rule.Strategy == GoldfishStrategy.ReferenceHash)
        {
            Int128 modulus = ReferenceTable.Size;
            long product = 1;
            for (int j = start; j < end; j++)
                product = unchecked(product * ids[j]);
            return table[(int)(((product % modulus) + modulus) % modulus)] < (float)(1.0 / rule.K);
        }
        ulong state = Mix((ulong)rule.Seed);
        for (int j = start; j < end; j++)
            state = Mix(state ^ unchecked((ulong)(ids[j] + 1L) * 0x9E3779B97F4A7C15));
        return (UInt128)(state >> 32) * (uint)rule.K < (UInt128)1 << 32;
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
