using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>A row with a scorer's outputs added, alive to its input row.</summary>
/// <remarks>It holds no tensor between calls: <see cref="PredictionEngine{TSrc, TDst}"/> never disposes the rows it maps.</remarks>
internal sealed class BlockScoredRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly BlockScorer _scorer;
    private readonly ActiveColumns _active;
    private readonly RowReader _reader;
    private ScoredColumn?[] _scored = [];
    private long _scoredPosition = -1;

    public BlockScoredRow(DataViewRow input, BlockScorer scorer, ActiveColumns active)
    {
        _input = input;
        _scorer = scorer;
        _active = active;
        _reader = new RowReader(scorer.Inputs);
        if (active.AnyOutput)
            _reader.Attach(input);
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _scorer.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        (DataViewSchema.Column? source, int output) = _active.Locate(column);
        return source is { } passedThrough ? _input.GetGetter<TValue>(passedThrough) : _scorer.CreateGetter<TValue>(output, Score);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    private (ScoredColumn?[] Columns, int Row) Score()
    {
        long position = _input.Position;
        if (position >= 0 && position == _scoredPosition)
            return (_scored, 0);
        // Until the new row is scored there is none: an exception must not leave the last row's values behind.
        _scoredPosition = -1;
        long row = Math.Max(0, position);
        _reader.Read(row);
        using var batch = new BatchBuffer(_reader, capacity: 1);
        batch.Write(0);
        _scored = _scorer.ScoreBlock(batch.ToBatch(1, row), _active.Outputs);
        _scoredPosition = position;
        return (_scored, 0);
    }
}
