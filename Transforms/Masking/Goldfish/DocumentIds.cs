using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Masking;

/// <summary>Reads the document of each token from a column of whole numbers or keys.</summary>
internal abstract class DocumentIds
{
    public static DocumentIds Of(DataViewRow row, DataViewSchema.Column column)
    {
        Type item = ((VectorDataViewType)column.Type).ItemType.RawType;
        return item == typeof(int) ? new DocumentIds<int>(row, column)
            : item == typeof(long) ? new DocumentIds<long>(row, column)
            : new DocumentIds<uint>(row, column);
    }

    /// <summary>The documents of the current row's tokens; the memory is used again for the next row.</summary>
    public abstract ReadOnlySpan<long> Read();
}

internal sealed class DocumentIds<T>(DataViewRow row, DataViewSchema.Column column) : DocumentIds
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
    private VBuffer<T> _value;
    private T[] _items = [];
    private long[] _ids = [];

    public override ReadOnlySpan<long> Read()
    {
        _getter(ref _value);
        int count = _value.Length;
        if (_ids.Length < count)
            (_items, _ids) = (new T[count], new long[count]);
        _value.CopyTo(_items);
        for (int i = 0; i < count; i++)
            _ids[i] = long.CreateTruncating(_items[i]);
        return _ids.AsSpan(0, count);
    }
}
