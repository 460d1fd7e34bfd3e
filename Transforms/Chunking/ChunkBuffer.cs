using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Chunking;

/// <summary>The values of a column that belong to tokens which are not in a finished row.</summary>
internal abstract class ChunkBuffer
{
    /// <summary>The values there are.</summary>
    public int Count { get; protected set; }

    /// <summary>Makes the buffer of a vector column of a source.</summary>
    /// <param name="row">The source's cursor.</param>
    /// <param name="column">A vector of numbers, keys or Booleans.</param>
    public static ChunkBuffer Of(DataViewRow row, DataViewSchema.Column column) =>
        (ChunkBuffer)Activator.CreateInstance(typeof(ChunkBuffer<>).MakeGenericType(((VectorDataViewType)column.Type).ItemType.RawType), row, column)!;

    /// <summary>Adds the values of the source's row.</summary>
    /// <returns>How many there are.</returns>
    public abstract int AppendRow();

    /// <summary>Adds what stands at a separator: 1 for Single, 0 or missing for others.</summary>
    public abstract void AppendSeparator();

    /// <summary>Drops the first values.</summary>
    public abstract void Advance(int count);

    /// <summary>Makes the getter of the first values, as many as <paramref name="length"/> says.</summary>
    public abstract Delegate CreateGetter(Func<int> length);
}

internal sealed class ChunkBuffer<T> : ChunkBuffer
{
    private static readonly T s_separator = typeof(T) == typeof(float) ? (T)(object)1f : default!;
    private readonly ValueGetter<VBuffer<T>>? _getter;
    private VBuffer<T> _value;
    private T[] _items = new T[256];
    private int _start;

    /// <summary>A buffer without a column.</summary>
    public ChunkBuffer()
    {
    }

    public ChunkBuffer(DataViewRow row, DataViewSchema.Column column) => _getter = row.GetGetter<VBuffer<T>>(column);

    /// <summary>The last values.</summary>
    public ReadOnlySpan<T> Last(int count) => _items.AsSpan(_start + Count - count, count);

    public override int AppendRow()
    {
        _getter!(ref _value);
        _value.CopyTo(Extend(_value.Length));
        return _value.Length;
    }

    public override void AppendSeparator() => Append(s_separator, 1);

    /// <summary>Adds one value some times.</summary>
    public void Append(T value, int count) => Extend(count).Fill(value);

    public override void Advance(int count)
    {
        _start += count;
        Count -= count;
    }

    public override Delegate CreateGetter(Func<int> length) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, length());
        _items.AsSpan(_start, editor.Values.Length).CopyTo(editor.Values);
        value = editor.Commit();
    });

    private Span<T> Extend(int count)
    {
        if (_start + Count + count > _items.Length)
        {
            T[] items = Count + count > _items.Length ? new T[Math.Max(checked(Count + count), (int)Math.Min(2L * _items.Length, Array.MaxLength))] : _items;
            _items.AsSpan(_start, Count).CopyTo(items);
            (_items, _start) = (items, 0);
        }
        Count += count;
        return _items.AsSpan(_start + Count - count, count);
    }
}
