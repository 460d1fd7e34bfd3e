using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>Which columns of a scorer's output schema are wanted, and what they need.</summary>
internal sealed class ActiveColumns
{
    private readonly BlockScorer _scorer;
    private readonly bool[] _active;

    public ActiveColumns(BlockScorer scorer, IEnumerable<DataViewSchema.Column> columns)
    {
        _scorer = scorer;
        _active = new bool[scorer.OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
            _active[column.Index] = true;
    }

    /// <summary>The outputs wanted, in the scorer's order.</summary>
    public ReadOnlySpan<bool> Outputs => _active.AsSpan(_scorer.InputSchema.Count);

    /// <summary>Whether there is anything to score.</summary>
    public bool AnyOutput => Outputs.Contains(true);

    /// <summary>The source's columns that are wanted as they are.</summary>
    public DataViewSchema.Column[] PassedThrough => [.. _scorer.InputSchema.Where(column => _active[column.Index])];

    /// <summary>The source's columns to score from; none when nothing is to be scored.</summary>
    public IEnumerable<DataViewSchema.Column> ScoredFrom => AnyOutput ? _scorer.Inputs.Select(input => input.Source) : [];

    /// <summary>All the source's columns that are needed.</summary>
    public DataViewSchema.Column[] Needed => [.. PassedThrough.Concat(ScoredFrom).DistinctBy(column => column.Index)];

    public bool Contains(DataViewSchema.Column column) => _active[column.Index];

    /// <summary>Where the column comes from: the source's column, or else the place of the output.</summary>
    public (DataViewSchema.Column? Source, int Output) Locate(DataViewSchema.Column column)
    {
        if (column.Index >= _active.Length || !_active[column.Index])
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor or row was opened.");
        int inputs = _scorer.InputSchema.Count;
        return column.Index < inputs ? (_scorer.InputSchema[column.Index], -1) : (null, column.Index - inputs);
    }
}
