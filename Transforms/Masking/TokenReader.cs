using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Tokenization;

namespace MLNetExt.Masking;

/// <summary>Reads and checks the tokens of a row.</summary>
internal sealed class TokenReader(DataViewRow row, DataViewSchema.Column column, TokenCheck check, Action checkAlive)
{
    private readonly ValueGetter<VBuffer<int>> _getter = row.GetGetter<VBuffer<int>>(column);
    private VBuffer<int> _value;
    private int[] _dense = [];

    /// <summary>The number of the row in the data; 0 for a single one.</summary>
    public long Row => Math.Max(0, row.Position);

    /// <summary>The current row's tokens; the memory is used again for the next row.</summary>
    /// <exception cref="InvalidDataException">An id is negative, or outside the vocabulary.</exception>
    public ReadOnlySpan<int> Read()
    {
        checkAlive();
        _getter(ref _value);
        ReadOnlySpan<int> ids = Dense();
        check.Ids(ids, row.Position);
        return ids;
    }

    private ReadOnlySpan<int> Dense()
    {
        if (_value.IsDense)
            return _value.GetValues();
        if (_dense.Length < _value.Length)
            _dense = new int[_value.Length];
        _value.CopyTo(_dense);
        return _dense.AsSpan(0, _value.Length);
    }
}
