using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The values behind a key column, or the names of a vector's slots, in a form that a model can store and a column's annotations can carry.</summary>
/// <param name="ItemType">The values' type as ML.NET names it: <c>String</c>, <c>Single</c>, <c>UInt32</c> and so on.</param>
/// <param name="Texts">The values in key order, as invariant text.</param>
public sealed record KeyValues(string ItemType, IReadOnlyList<string> Texts) : IJsonOnDeserialized
{
    /// <summary>The annotation's type: a vector of the values' type.</summary>
    [JsonIgnore]
    public VectorDataViewType Type => new(ItemDataViewType(ItemType), Texts.Count);

    /// <summary>Reads a key column's values.</summary>
    /// <returns>The values, or null when the column has none or they are of a type that has no text form.</returns>
    public static KeyValues? Of(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is VectorDataViewType { IsKnownSize: true } type && IsSupported(type.ItemType)
            ? (KeyValues)Generic(nameof(Read), type.ItemType).Invoke(null, [column, type.ItemType])!
            : null;

    /// <summary>Reads the names of a vector column's slots.</summary>
    /// <returns>The names, or null when the column has none.</returns>
    public static KeyValues? OfSlots(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return new KeyValues(nameof(String), [.. names.DenseValues().Select(name => name.ToString())]);
    }

    /// <summary>Adds the values to a column's annotations.</summary>
    /// <param name="annotations">The annotations to add to.</param>
    /// <param name="kind">The annotation's name: <c>KeyValues</c>, or <c>TrainingLabelValues</c> on a score column.</param>
    public void AddTo(DataViewSchema.Annotations.Builder annotations, string kind = AnnotationNames.KeyValues) =>
        Generic(nameof(Add), Type.ItemType).Invoke(this, [annotations, kind]);

    /// <summary>Adds the values as text, as a score column's <c>SlotNames</c>.</summary>
    public void AddSlotNamesTo(DataViewSchema.Annotations.Builder annotations) =>
        new KeyValues(nameof(String), Texts).Add<ReadOnlyMemory<char>>(annotations, AnnotationNames.SlotNames);

    /// <summary>Values that come from a model are checked at once, not when they are first used.</summary>
    /// <exception cref="InvalidDataException">The type is unknown, or a text is not one of its values.</exception>
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Texts.Count == 0 || Texts.Any(text => text is null))
            throw new InvalidDataException("The model has a key without values, or with a null among them.");
        try
        {
            Generic(nameof(ParseAll), Type.ItemType).Invoke(this, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new InvalidDataException($"The model has a key value that is no {ItemType}: {e.Message}");
        }
    }

    private static KeyValues Read<T>(DataViewSchema.Column column, DataViewType itemType)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(AnnotationNames.KeyValues, ref values);
        return new KeyValues(
            itemType is TextDataViewType ? nameof(String) : itemType.RawType.Name,
            [.. values.DenseValues().Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)!)]);
    }

    private void Add<T>(DataViewSchema.Annotations.Builder annotations, string kind)
    {
        T[] values = ParseAll<T>();
        annotations.Add<VBuffer<T>>(kind, Type, (ref VBuffer<T> destination) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(editor.Values);
            destination = editor.Commit();
        });
    }

    private T[] ParseAll<T>() => [.. Texts.Select(Parse<T>)];

    private static T Parse<T>(string text) => typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (T)(object)text.AsMemory()
        : (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);

    private static MethodInfo Generic(string method, DataViewType itemType) =>
        typeof(KeyValues).GetMethod(method, BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(itemType.RawType);

    internal static bool IsSupported(DataViewType type) => type is TextDataViewType or NumberDataViewType or BooleanDataViewType;

    private static PrimitiveDataViewType ItemDataViewType(string itemType) => itemType switch
    {
        nameof(String) => TextDataViewType.Instance,
        nameof(Boolean) => BooleanDataViewType.Instance,
        nameof(Single) => NumberDataViewType.Single,
        nameof(Double) => NumberDataViewType.Double,
        nameof(SByte) => NumberDataViewType.SByte,
        nameof(Byte) => NumberDataViewType.Byte,
        nameof(Int16) => NumberDataViewType.Int16,
        nameof(UInt16) => NumberDataViewType.UInt16,
        nameof(Int32) => NumberDataViewType.Int32,
        nameof(UInt32) => NumberDataViewType.UInt32,
        nameof(Int64) => NumberDataViewType.Int64,
        nameof(UInt64) => NumberDataViewType.UInt64,
        _ => throw new InvalidDataException($"The model has key values of the unknown type '{itemType}'."),
    };
}
