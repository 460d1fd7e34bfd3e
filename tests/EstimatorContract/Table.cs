using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>The values of some columns of a data view, in memory.</summary>
public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<object[]> Rows)
{
    public static Table Read(IDataView data, params IEnumerable<string> columns)
    {
        string[] names = [.. columns];
        DataViewSchema.Column[] bound = [.. names.Select(n => data.Schema[n])];
        var rows = new List<object[]>();
        using DataViewRowCursor cursor = data.GetRowCursor(bound);
        Func<object>[] getters = [.. bound.Select(c => Getter(cursor, c))];
        while (cursor.MoveNext())
            rows.Add([.. getters.Select(g => g())]);
        return new Table(names, rows);
    }

    /// <summary>Fails unless both hold the same: numbers to within <paramref name="tolerance"/>, above 1 of their size, 0 for the same bits.</summary>
    public static void AreEqual(Table expected, Table actual, double tolerance, string message)
    {
        CollectionAssert.AreEqual(expected.Columns.ToArray(), actual.Columns.ToArray(), message);
        Assert.HasCount(expected.Rows.Count, actual.Rows, message);
        for (int row = 0; row < expected.Rows.Count; row++)
        {
            for (int c = 0; c < expected.Columns.Count; c++)
            {
                object was = expected.Rows[row][c], now = actual.Rows[row][c];
                Assert.IsTrue(Same(was, now, tolerance), $"{message}: row {row}, column '{expected.Columns[c]}' is {Show(now)}, expected {Show(was)}");
            }
        }
    }

    private static bool IsNear(double a, double b, double tolerance) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a));

    private static bool Same(object a, object b, double tolerance) => (a, b) switch
    {
        (Array x, Array y) => x.Length == y.Length && x.Cast<object>().Zip(y.Cast<object>()).All(p => Same(p.First, p.Second, tolerance)),
        (float or double, float or double) when tolerance > 0 && !a.Equals(b) =>
            IsNear(Convert.ToDouble(a, CultureInfo.InvariantCulture), Convert.ToDouble(b, CultureInfo.InvariantCulture), tolerance),
        _ => a.Equals(b),
    };

    private static string Show(object value) => value is Array array
        ? $"[{string.Join(", ", array.Cast<object>().Select(Show))}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static Func<object> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        bool isVector = column.Type is VectorDataViewType;
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        MethodInfo method = typeof(Table).GetMethod(isVector ? nameof(Vector) : nameof(Scalar), BindingFlags.NonPublic | BindingFlags.Static)!;
        return method.MakeGenericMethod(item).CreateDelegate<Func<DataViewRow, DataViewSchema.Column, Func<object>>>()(row, column);
    }

    private static Func<object> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value is ReadOnlyMemory<char> text ? text.ToString() : value!;
        };
    }

    private static Func<object> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return value.DenseValues().Select(v => v is ReadOnlyMemory<char> text ? (object)text.ToString() : v!).ToArray();
        };
    }
}
