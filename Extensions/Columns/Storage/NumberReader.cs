using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>Reads a column of any number type, or Boolean, as float32.</summary>
internal static class NumberReader
{
    public static bool CanRead(DataViewType type) => type is NumberDataViewType or BooleanDataViewType;

    public static Func<float> Create(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var t when t == typeof(float) => Create<float>(row, column, v => v),
        var t when t == typeof(double) => Create<double>(row, column, v => (float)v),
        var t when t == typeof(sbyte) => Create<sbyte>(row, column, v => v),
        var t when t == typeof(short) => Create<short>(row, column, v => v),
        var t when t == typeof(int) => Create<int>(row, column, v => v),
        var t when t == typeof(long) => Create<long>(row, column, v => v),
        var t when t == typeof(byte) => Create<byte>(row, column, v => v),
        var t when t == typeof(ushort) => Create<ushort>(row, column, v => v),
        var t when t == typeof(uint) => Create<uint>(row, column, v => v),
        var t when t == typeof(ulong) => Create<ulong>(row, column, v => v),
        _ => Create<bool>(row, column, v => v ? 1 : 0),
    };

    private static Func<float> Create<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
