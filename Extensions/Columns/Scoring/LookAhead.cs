using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>Reads the scorer's inputs a block ahead of the consumer and scores a block when its first value is asked for.</summary>
internal sealed class LookAhead : IDisposable
{
    private readonly BlockScorer _scorer;
    private readonly ActiveColumns _active;
    private readonly DataViewRowCursor _cursor;
    private readonly RowReader _reader;
    private readonly BatchBuffer _batch;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private ScoredColumn?[]? _scored;
    private long _read;
    private int _count;
    private int _row;

    public LookAhead(IDataView source, BlockScorer scorer, ActiveColumns active, int blockRows)
    {
        _scorer = scorer;
        _active = active;
        _ids = new DataViewRowId[blockRows];
        _reader = new RowReader(scorer.Inputs);
        _batch = new BatchBuffer(_reader, blockRows);
        _cursor = source.GetRowCursor(active.ScoredFrom);
        _idGetter = _cursor.GetIdGetter();
        _reader.Attach(_cursor);
    }

    /// <summary>The id of the consumer's row.</summary>
    public DataViewRowId Id => _ids[_row];

    /// <summary>Moves the consumer's row on, reading the next block when it is past this one.</summary>
    public bool MoveNext()
    {
        if (++_row < _count)
            return true;
        _row = _count = 0;
        _scored = null;
        while (_count < _ids.Length && _cursor.MoveNext())
        {
            _reader.Read(_read++);
            _batch.Write(_count);
            _idGetter(ref _ids[_count++]);
        }
        return _count > 0;
    }

    /// <summary>The scored block and the consumer's row in it.</summary>
    public (ScoredColumn?[] Columns, int Row) Score() =>
        (_scored ??= _scorer.ScoreBlock(_batch.ToBatch(_count, _read - _count), _active.Outputs), _row);

    public void Dispose()
    {
        _cursor.Dispose();
        _batch.Dispose();
    }
}
