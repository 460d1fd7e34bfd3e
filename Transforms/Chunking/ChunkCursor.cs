using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Chunking;

/// <summary>The cursor of a <see cref="ChunkView"/>.</summary>
internal sealed class ChunkCursor : DataViewRowCursor
{
    private readonly ChunkColumns _columns;
    private readonly ChunkTokensState _state;
    private readonly bool[] _active;
    private readonly DataViewRowCursor _source;
    private readonly ChunkBuffer<int> _tokens;
    private readonly ChunkBuffer?[] _aligned;
    private readonly ChunkBuffer<int> _documents = new();
    private long _position = -1;
    private long _document = -1;
    private int _length;
    private int _carriedOver;
    private bool _isDisposed;

    public ChunkCursor(IDataView source, ChunkColumns columns, IEnumerable<DataViewSchema.Column> active)
    {
        _columns = columns;
        _state = columns.State;
        _active = new bool[columns.OutputSchema.Count];
        foreach (DataViewSchema.Column column in active)
            _active[column.Index] = true;
        IEnumerable<DataViewSchema.Column> aligned = columns.Aligned.Where((_, i) => _active[1 + i]);
        IEnumerable<DataViewSchema.Column> carried = columns.Carried.Where((_, i) => _active[columns.FirstCarried + i]);
        // Where rows end depends on the tokens, whether they are wanted or not.
        _source = source.GetRowCursor(aligned.Concat(carried).Prepend(columns.Tokens).DistinctBy(column => column.Index));
        _tokens = new ChunkBuffer<int>(_source, columns.Tokens);
        _aligned = [.. columns.Aligned.Select((column, i) => _active[1 + i] ? ChunkBuffer.Of(_source, column) : null)];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _columns.OutputSchema;

    public override bool MoveNext()
    {
        if (_isDisposed)
            return false;
        _columns.CheckAlive();
        if (_length > 0)
            Advance(_length - 1, carriedOver: 1);
        if (_state.Packed ? MoveNextPacked() : MoveNextOfDocument())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RowLength();
        id = new DataViewRowId((ulong)_position, 0);
    };

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was opened.");
        return CreateGetter<TValue>(column) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}: read it as {column.Type.RawType}, not {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _position = -1;
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool MoveNextPacked()
    {
        int full = _state.Length + 1;
        while (_tokens.Count < full && ReadDocument())
        {
        }
        _length = Math.Min(full, _tokens.Count);
        return HasNewRow;
    }

    private bool MoveNextOfDocument()
    {
        while (true)
        {
            _length = Math.Min(_state.Length + 1, _tokens.Count);
            if (HasNewRow)
                return true;
            Advance(_tokens.Count, carriedOver: 0);
            if (!ReadDocument())
                return false;
        }
    }

    /// <summary>Whether the buffered tokens make a row: some are not the last of the row before, and there are enough.</summary>
    private bool HasNewRow => _length > _carriedOver && _length >= _state.MinLength;

    private bool ReadDocument()
    {
        if (!_source.MoveNext())
            return false;
        _document++;
        int count = _tokens.AppendRow();
        _columns.Check.Ids(_tokens.Last(count), _document);
        for (int i = 0; i < _aligned.Length; i++)
        {
            if (_aligned[i]?.AppendRow() is { } values && values != count)
                throw new InvalidDataException(
                    $"Row {_document} has {count} tokens in column '{_columns.Tokens.Name}' and {values} values in column '{_columns.Aligned[i].Name}': "
                    + "aligned columns have one for each token. Make them of the same tokens, before anything is cut.");
        }
        if (_state.SeparatorId is { } separator && count > 0)
        {
            _tokens.Append(separator, 1);
            foreach (ChunkBuffer? aligned in _aligned)
                aligned?.AppendSeparator();
            count++;
        }
        if (_state.Packed)
            _documents.Append(checked((int)_document), count);
        return true;
    }

    private void Advance(int count, int carriedOver)
    {
        _tokens.Advance(count);
        foreach (ChunkBuffer? aligned in _aligned)
            aligned?.Advance(count);
        if (_state.Packed)
            _documents.Advance(count);
        _carriedOver = carriedOver;
        _length = 0;
    }

    private Delegate CreateGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == 0)
            return _tokens.CreateGetter(RowLength);
        if (column.Index < _columns.FirstCarried)
            return _aligned[column.Index - 1]!.CreateGetter(RowLength);
        // The source stays at the document until the last of its rows is done with.
        if (column.Index < _columns.Document)
            return _source.GetGetter<TValue>(_columns.Carried[column.Index - _columns.FirstCarried]);
        return _state.Packed ? _documents.CreateGetter(RowLength) : (ValueGetter<int>)((ref int value) =>
        {
            RowLength();
            value = checked((int)_document);
        });
    }

    private int RowLength() => _position >= 0
        ? _length
        : throw new InvalidOperationException("The cursor is not on a row: values can be read after MoveNext has returned true, and until it returns false.");
}
