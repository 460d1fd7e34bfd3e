using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>A table of pairs on the CPU, by rows; safe to read from several threads.</summary>
internal sealed unsafe class PairRows
{
    private readonly int _columns;
    private readonly bool _isSquare;
    private readonly Tensor? _isPositive;
    private readonly Tensor? _counts;
    private readonly bool* _isPositiveAt;
    private readonly bool* _countsAt;
    private readonly long[]? _leftIds;

    // The columns ordered by id, and where each id's run begins and ends.
    private readonly int[] _order = [];
    private readonly Dictionary<long, Range> _runs = [];

    public PairRows(int rows, int columns, (Tensor Left, Tensor Right)? ids, Tensor? isPositive, Tensor? counts)
    {
        _columns = columns;
        _isSquare = ids is null && isPositive is null;
        _isPositive = isPositive?.cpu().contiguous();
        _counts = counts?.cpu().contiguous();
        if (_isPositive is not null)
            _isPositiveAt = TensorMemory.Address<bool>(_isPositive);
        if (_counts is not null)
            _countsAt = TensorMemory.Address<bool>(_counts);
        if (ids is { } both)
        {
            _leftIds = both.Left.cpu().contiguous().data<long>().ToArray();
            long[] rightIds = both.Right.cpu().contiguous().data<long>().ToArray();
            _order = [.. Enumerable.Range(0, columns)];
            // Enumerable's order is stable: within an id the columns ascend.
            _order = [.. _order.OrderBy(column => rightIds[column])];
            for (int start = 0, end; start < columns; start = end)
            {
                end = start + 1;
                while (end < columns && rightIds[_order[end]] == rightIds[_order[start]])
                    end++;
                _runs[rightIds[_order[start]]] = start..end;
            }
        }

        var positives = new int[columns];
        for (int row = 0; row < rows; row++)
        {
            PositiveCount += Positives(row, positives);
            CountedCount += _countsAt is null ? columns : Counts(row).Count(true);
        }
    }

    /// <summary>How many positive pairs count.</summary>
    public long PositiveCount { get; }

    /// <summary>How many pairs count.</summary>
    public long CountedCount { get; }

    /// <summary>Whether each pair of the row counts; empty when all pairs of the table do.</summary>
    public ReadOnlySpan<bool> Counts(int row) => _countsAt is null ? [] : new(_countsAt + (long)row * _columns, _columns);

    /// <summary>Writes the columns of the row's positive pairs that count, ascending, and returns their number.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">At least as long as a row.</param>
    public int Positives(int row, Span<int> columns)
    {
        var counts = Counts(row);
        int found = 0;
        if (_isSquare)
        {
            if (counts.IsEmpty || counts[row])
                columns[found++] = row;
        }
        else if (_leftIds is not null)
        {
            foreach (int column in _runs.TryGetValue(_leftIds[row], out var run) ? _order.AsSpan(run) : [])
            {
                if (counts.IsEmpty || counts[column])
                    columns[found++] = column;
            }
        }
        else
        {
            var isPositive = new ReadOnlySpan<bool>(_isPositiveAt + (long)row * _columns, _columns);
            for (int column = 0; column < _columns; column++)
            {
                if (isPositive[column] && (counts.IsEmpty || counts[column]))
                    columns[found++] = column;
            }
        }

        return found;
    }
}
