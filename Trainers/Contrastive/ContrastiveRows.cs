using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.Contrastive;

/// <summary>Looks at every pair once: checks both sides, gathers the statistics of vectors, and leaves out or refuses rows that have nothing on one side.</summary>
internal sealed class ContrastiveRows : IFitRows
{
    private readonly ComponentHost _host;
    private readonly RowSplit? _split;
    private readonly CheckedColumn[] _columns;

    /// <param name="pairs">The sides.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="policy">What to do with rows that have nothing on one side.</param>
    /// <param name="split">Tells which rows are for validation: they do not enter the statistics.</param>
    /// <param name="host">Ends the pass when it is canceled.</param>
    public ContrastiveRows(ContrastivePairs pairs, IReadOnlyList<BoundColumn> columns, UnusableRowPolicy policy, RowSplit? split, ComponentHost host)
    {
        _host = host;
        _split = split;
        TrainingSide[] sides = [pairs.Left, pairs.Right];
        CheckedColumn Check(BoundColumn column, int index)
        {
            TrainingSide? side = sides.FirstOrDefault(s => s.Column.Name == column.Name);
            return new CheckedColumn(index, column)
            {
                Name = side?.Shape.Column ?? column.Name,
                Tokenizer = side?.Shape.Tokens,
                MustPointSomewhere = side?.Shape.Kind == TowerKind.Identity,
                IsLocked = side?.Options.IsLocked == true,
                Statistics = column.Definition.Kind == ColumnKind.Vector ? new FeatureStatistics(column.Width) : null,
            };
        }

        _columns = [.. columns.Select(Check)];
        LeftOut = new LeftOutRows(policy, "nothing on one side");
    }

    /// <summary>Of each column that is a vector, over the training rows.</summary>
    public IReadOnlyList<FeatureStatistics?> Statistics => [.. _columns.Select(c => c.Statistics)];

    /// <summary>The rows that are not trained on.</summary>
    public LeftOutRows LeftOut { get; }

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">A value is not finite, a token is not in the vocabulary, or one side has nothing and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (_host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");

        foreach (CheckedColumn column in _columns)
        {
            if (column.WhyUnusable(row) is not { } reason)
                continue;
            LeftOut.Add(row.Row, column.Name, reason);
            return false;
        }

        Digest.Add(row.Row);
        bool isForTraining = _split?.HoldsOut(row.Row) != true;
        foreach (CheckedColumn column in _columns)
            column.Take(row, Digest, isForTraining);
        return true;
    }

    public void Report(string part) => LeftOut.Report(_host, part);
}
