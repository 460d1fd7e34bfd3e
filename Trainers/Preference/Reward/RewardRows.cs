using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.Preference;

/// <summary>Looks at every pair once: checks both sides, gathers the statistics of vectors over both, and leaves out or refuses pairs that have nothing on one side or the same on both.</summary>
internal sealed class RewardRows : IFitRows
{
    private const int ChosenAt = 0, RejectedAt = 1, MarginAt = 2;
    private readonly ComponentHost _host;
    private readonly RewardPairs _pairs;
    private readonly RowSplit? _split;
    private readonly CheckedColumn[] _sides;

    /// <param name="pairs">The columns.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: they do not enter the statistics.</param>
    /// <param name="host">Ends the pass when it is canceled.</param>
    public RewardRows(RewardPairs pairs, IReadOnlyList<BoundColumn> columns, RowSplit? split, ComponentHost host)
    {
        _host = host;
        _pairs = pairs;
        _split = split;
        Statistics = new FeatureStatistics(pairs.Shape.InputWidth);
        _sides = [.. columns.Take(2).Select((column, index) => new CheckedColumn(index, column) { Tokenizer = pairs.Shape.Tokens, Statistics = Statistics })];
        LeftOut = new LeftOutRows(pairs.Shape.UnusableRows, "nothing on one side, or the same on both,");
    }

    /// <summary>Of the vectors of both sides, over the training rows.</summary>
    public FeatureStatistics Statistics { get; }

    /// <summary>The pairs that are not trained on.</summary>
    public LeftOutRows LeftOut { get; }

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">A value is not finite, a token is not in the vocabulary, a margin is negative, or the pair teaches nothing and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (_host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");

        foreach (CheckedColumn side in _sides)
        {
            if (side.WhyUnusable(row) is not { } reason)
                continue;
            LeftOut.Add(row.Row, side.Name, reason);
            return false;
        }

        if (SidesAreEqual(row))
        {
            LeftOut.Add(row.Row, _pairs.Chosen.Name, $"is equal to column '{_pairs.Rejected.Name}'");
            return false;
        }

        Digest.Add(row.Row);
        if (_pairs.Margin is { } margin)
            Digest.Add(Checked(row.Scalar(MarginAt), margin, row.Row));
        bool isForTraining = _split?.HoldsOut(row.Row) != true;
        foreach (CheckedColumn side in _sides)
            side.Take(row, Digest, isForTraining);
        return true;
    }

    public void Report(string part) => LeftOut.Report(_host, part);

    private bool SidesAreEqual(RowReader row) => _pairs.Shape.Input switch
    {
        ColumnKind.Vector => AreEqual(in row.Vector(ChosenAt), in row.Vector(RejectedAt)),
        ColumnKind.Tokens => row.Tokens(ChosenAt).SequenceEqual(row.Tokens(RejectedAt)),
        ColumnKind.Image => row.Image(ChosenAt).SequenceEqual(row.Image(RejectedAt)),
        _ => row.Text(ChosenAt).Span.SequenceEqual(row.Text(RejectedAt).Span),
    };

    private static bool AreEqual(in VBuffer<float> a, in VBuffer<float> b)
    {
        if (a.IsDense && b.IsDense)
            return a.GetValues().SequenceEqual(b.GetValues());
        // A slot may be listed and 0 all the same.
        return a.Items().Where(i => i.Value != 0).SequenceEqual(b.Items().Where(i => i.Value != 0));
    }

    private static float Checked(float margin, string column, long row) => margin >= 0 && float.IsFinite(margin)
        ? margin
        : throw new InvalidDataException($"Column '{column}' holds the margin {margin} in row {row}: margins are finite numbers of at least 0.");
}
