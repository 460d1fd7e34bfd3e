namespace MLNetExt.Masking;

/// <summary>The random numbers of a row in an epoch, which depend on nothing else: SplitMix64, begun at a hash of seed, row and epoch, and read at any place.</summary>
internal readonly struct RowNumbers(long seed, ulong rowHash, long epoch)
{
    /// <summary>Numbers of one place.</summary>
    private const ulong Draws = 4;

    private readonly ulong _start = Mix64.Of(Mix64.Of(Mix64.Of((ulong)seed) ^ rowHash) ^ (ulong)epoch);

    public ulong this[int position, Draw draw] => Mix64.Of(_start + (Mix64.GoldenGamma * ((Draws * (ulong)position) + (ulong)draw + 1)));

    /// <summary>What a number is for.</summary>
    public enum Draw
    {
        /// <summary>Which tokens are predicted.</summary>
        Choice,

        /// <summary>Whether a predicted token is masked, replaced or kept.</summary>
        Kind,

        /// <summary>The id that replaces a token.</summary>
        Replacement,

        /// <summary>Which tokens are dropped.</summary>
        Drop,
    }
}
