using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>Reads ids and groups, which may be texts, keys or numbers, as invariant text.</summary>
public static class ColumnText
{
    private static readonly MethodInfo NumbersMethod =
        typeof(ColumnText).GetMethod(nameof(Numbers), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Whether a column of this type can be read: text, key or number, not a vector.</summary>
    public static bool CanRead(DataViewType type) => type is TextDataViewType or KeyDataViewType or NumberDataViewType;

    /// <summary>Makes a reader of the row's value.</summary>
    /// <param name="row">The row or cursor, in which the column is active.</param>
    /// <param name="column">A column whose type <see cref="CanRead"/>.</param>
    /// <returns>Gives the current row's text: a key's value where the column names its values and the key's number, counted from 1, where
    /// not; null when it is missing (empty text, key 0, NaN).</returns>
    /// <exception cref="ArgumentException">The column is of another type.</exception>
    public static Func<string?> CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!CanRead(column.Type))
            throw new ArgumentException($"Column '{column.Name}' must be text, a key or a number, but is {column.Type}.", nameof(column));
        if (column.Type is TextDataViewType)
            return Texts(row, column);
        var numbers = (Func<string?>)NumbersMethod.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;
        return column.Type is KeyDataViewType ? Keys(numbers, KeyValues.Of(column)) : numbers;
    }

    private static Func<string?> Texts(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.IsEmpty ? null : value.ToString();
        };
    }

    private static Func<string?> Numbers<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value is float.NaN or double.NaN ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
        };
    }

    private static Func<string?> Keys(Func<string?> numbers, KeyValues? values) => () =>
    {
        string number = numbers()!;
        ulong key = ulong.Parse(number, CultureInfo.InvariantCulture);
        if (key == 0)
            return null;
        return key <= (ulong)(values?.Texts.Count ?? 0) ? values!.Texts[(int)key - 1] : number;
    };
}
