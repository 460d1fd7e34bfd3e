namespace MLNetExt.Columns;

/// <summary>Splits rows by number: which rows are held out follows from the seed alone, not from the order of reading.</summary>
public readonly record struct RowSplit
{
    private readonly ulong _seed;
    private readonly ulong _threshold;

    /// <summary>Makes a split.</summary>
    /// <param name="fraction">The share of rows to hold out, in (0, 1). It is met on average, not exactly.</param>
    /// <param name="seed">Which rows they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public RowSplit(double fraction, int seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The share of rows to hold out must lie between 0 and 1, both excluded.");
        Fraction = fraction;
        _seed = SplitMix64.Mix((uint)seed);
        _threshold = (ulong)(fraction * ulong.MaxValue);
    }

    /// <summary>The share of rows held out.</summary>
    public double Fraction { get; }

    /// <summary>Whether the row of that number in the data, from 0, is held out.</summary>
    public bool HoldsOut(long row) => SplitMix64.Mix(_seed + (ulong)row) < _threshold;
}
