using Microsoft.ML;

namespace MLNetExt.Columns;

internal sealed class KeyCell(BoundColumn column) : FixedCell<long>(column)
{
    private Func<long>? _getter;

    /// <summary>The zero-based key, or <see cref="TensorBatch.MissingKey"/>.</summary>
    public long Value { get; private set; }

    public override void Attach(DataViewRow row) => _getter = Column.Source.Type.RawType switch
    {
        var t when t == typeof(byte) => Create<byte>(row, v => v),
        var t when t == typeof(ushort) => Create<ushort>(row, v => v),
        var t when t == typeof(uint) => Create<uint>(row, v => v),
        _ => Create<ulong>(row, v => v),
    };

    public override void Read() => Value = _getter!();

    public override void CopyTo(Span<long> row) => row[0] = Value;

    public override ColumnBlock CreateBlock(int capacity) => new TensorBlock<long>(this, [capacity]);

    private Func<long> Create<T>(DataViewRow row, Func<T, ulong> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(Column.Source);
        T key = default!;
        return () =>
        {
            getter(ref key);
            // ML.NET counts keys from 1; 0, and a number past the key type's count, stand for a missing value.
            ulong oneBased = convert(key);
            return oneBased == 0 || oneBased > (ulong)Column.KeyCount ? TensorBatch.MissingKey : (long)(oneBased - 1);
        };
    }
}
