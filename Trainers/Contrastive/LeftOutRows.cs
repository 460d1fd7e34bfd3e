using MLNetExt.Components;

namespace MLNetExt.Contrastive;

/// <summary>Rows from which nothing can be learned: refuses the first, or counts them and says why the first ones are left out.</summary>
/// <param name="policy">What to do with them.</param>
/// <param name="what">What is wrong with such rows, for the warning.</param>
internal sealed class LeftOutRows(UnusableRowPolicy policy, string what)
{
    private const int NamedReasons = 3;
    private readonly List<string> _reasons = [];
    private long _count;

    /// <summary>Leaves a row out.</summary>
    /// <exception cref="InvalidDataException">The policy is to fail.</exception>
    public void Add(long row, string column, string reason)
    {
        if (policy == UnusableRowPolicy.Fail)
            throw new InvalidDataException($"Column '{column}' {reason} in row {row}: mend or drop the row, or set UnusableRows to Skip.");
        _count++;
        if (_reasons.Count < NamedReasons)
            _reasons.Add($"row {row}: column '{column}' {reason}");
    }

    /// <summary>Warns of the rows, when there are any.</summary>
    /// <param name="host">Takes the warning.</param>
    /// <param name="part">Of which data they are.</param>
    public void Report(ComponentHost host, string part)
    {
        if (_count > 0)
            host.Warn($"{_count} rows of the {part} data have {what} and are left out: {string.Join("; ", _reasons)}{(_count > _reasons.Count ? "; ..." : "")}.");
    }
}
