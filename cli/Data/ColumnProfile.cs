using System.Globalization;

namespace MLNetExt.Cli.Data;

/// <summary>What the cells of a column are like.</summary>
internal sealed class ColumnProfile
{
    /// <summary>How many different values are told apart; one more means "many".</summary>
    public const int MostDistinct = 50;

    private readonly HashSet<string> _distinct = [];

    /// <summary>Cells that hold something.</summary>
    public long Present { get; private set; }

    /// <summary>Cells that are empty, or that ML.NET's loader reads as missing: ?, NA, N/A, NaN.</summary>
    public long Missing { get; private set; }

    /// <summary>The length of the longest value.</summary>
    public int MaxLength { get; private set; }

    /// <summary>The first value that is no number, and its line; null when all are numbers.</summary>
    public (string Value, long Line)? NotNumber { get; private set; }

    /// <summary>The different values, <see cref="MostDistinct"/> + 1 at most.</summary>
    public IReadOnlySet<string> Distinct => _distinct;

    /// <summary>Whether the column is short text that repeats.</summary>
    public bool IsCategory => _distinct.Count <= MostDistinct && MaxLength <= 40 && Present >= 2 * _distinct.Count;

    public void Add(string cell, long line)
    {
        if (IsMissing(cell))
        {
            Missing++;
            return;
        }

        Present++;
        MaxLength = Math.Max(MaxLength, cell.Length);
        if (NotNumber is null && !(float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number)))
            NotNumber = (cell, line);
        if (_distinct.Count <= MostDistinct)
            _distinct.Add(cell);
    }

    private static bool IsMissing(string cell) =>
        cell is "" or "?" || (cell.Length <= 3 && cell.ToUpperInvariant() is "NA" or "N/A" or "NAN");
}
