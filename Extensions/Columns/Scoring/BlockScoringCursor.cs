using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The cursor of a <see cref="BlockScoringView"/>: one cursor ahead for what is scored, one in step for the rest.</summary>
internal sealed class BlockScoringCursor : DataViewRowCursor
{
    private readonly BlockScorer _scorer;
    private readonly ActiveColumns _active;
    private readonly LookAhead? _ahead;
    private readonly DataViewRowCursor? _inStep;
    private long _position = -1;
    private bool _isDisposed;

    public BlockScoringCursor(IDataView source, BlockScorer scorer, ActiveColumns active, int blockRows)
    {
        _scorer = scorer;
        _active = active;
        DataViewSchema.Column[] passedThrough = active.PassedThrough;
        _ahead = active.AnyOutput ? new LookAhead(source, scorer, active, blockRows) : null;
        _inStep = passedThrough.Length > 0 || _ahead is null ? source.GetRowCursor(passedThrough) : null;
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _scorer.OutputSchema;

    public override bool MoveNext()
    {
        if (_isDisposed)
            return false;
        bool isAhead = _ahead?.MoveNext() ?? false;
        bool isInStep = _inStep?.MoveNext() ?? false;
        if (_ahead is not null && _inStep is not null && isAhead != isInStep)
            throw new InvalidOperationException(
                $"Two passes over the data differ in length: one ended after {_position + 1} rows. "
                + "Data that changes between passes must be cached: mlContext.Data.Cache(data).");
        if (isAhead || isInStep)
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        if (_inStep is not null)
            return _inStep.GetIdGetter();
        return (ref DataViewRowId id) =>
        {
            CheckHasRow();
            id = _ahead!.Id;
        };
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        (DataViewSchema.Column? source, int output) = _active.Locate(column);
        return source is { } passedThrough ? _inStep!.GetGetter<TValue>(passedThrough) : _scorer.CreateGetter<TValue>(output, Score);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _position = -1;
            _ahead?.Dispose();
            _inStep?.Dispose();
        }
        base.Dispose(disposing);
    }

    private (ScoredColumn?[] Columns, int Row) Score()
    {
        CheckHasRow();
        return _ahead!.Score();
    }

    private void CheckHasRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("The cursor is not on a row: values can be read after MoveNext has returned true, and until it returns false.");
    }
}
