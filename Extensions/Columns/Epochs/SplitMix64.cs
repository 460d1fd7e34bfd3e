namespace MLNetExt.Columns;

/// <summary>The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014),
/// written out because an order of rows must not change with the version of .NET.</summary>
internal struct SplitMix64(ulong state)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private ulong _state = state;

    /// <summary>The generator for one epoch of a seeded run.</summary>
    public static SplitMix64 For(int seed, int epoch) => new(Mix(((ulong)(uint)seed << 32) | (uint)epoch));

    /// <summary>A number in <c>[0, limit)</c>.</summary>
    public int Next(int limit)
    {
        ulong high = Mix(_state) >> 32;
        _state += GoldenGamma;
        return (int)((high * (uint)limit) >> 32);
    }

    /// <summary>The number that follows the state <paramref name="z"/>: a one-to-one scrambling of its bits.</summary>
    public static ulong Mix(ulong z)
    {
        z += GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
