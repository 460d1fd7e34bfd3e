using System.Numerics;

namespace MLNetExt.Masking;

/// <summary>A one-to-one scrambling of 64 bits: the finisher of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
internal static class Mix64
{
    /// <summary>What SplitMix64 counts by.</summary>
    public const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private const ulong First = 0xBF58476D1CE4E5B9;
    private const ulong Second = 0x94D049BB133111EB;

    public static ulong Of(ulong z)
    {
        z = (z ^ (z >> 30)) * First;
        z = (z ^ (z >> 27)) * Second;
        return z ^ (z >> 31);
    }

    public static Vector<ulong> Of(Vector<ulong> z)
    {
        z = (z ^ (z >>> 30)) * new Vector<ulong>(First);
        z = (z ^ (z >>> 27)) * new Vector<ulong>(Second);
        return z ^ (z >>> 31);
    }

    /// <summary>The hash of a row of ids that goes on with one more.</summary>
    public static ulong Append(ulong state, int id) => Of(state ^ Term(id));

    /// <summary>What an id adds to a hash.</summary>
    public static ulong Term(int id) => (ulong)(id + 1L) * GoldenGamma;

    /// <summary>Numbers x with <c>x &lt; DropLimit(k)</c> are those with <c>x * k &lt; 2^32</c>.</summary>
    public static ulong DropLimit(int k) => (uint.MaxValue / (uint)k) + 1UL;
}
