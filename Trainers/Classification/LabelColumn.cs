using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>The label of a classifier.</summary>
/// <param name="Name">The column: a key, or for a multi-label one a vector with a slot for each tag.</param>
/// <param name="ClassCount">The number of classes, or of tags.</param>
/// <param name="Values">The classes, or the tags; null when they have no names.</param>
/// <param name="IsMultiLabel">Whether a row has any number of tags, and not one class.</param>
internal sealed record LabelColumn(string Name, int ClassCount, KeyValues? Values, bool IsMultiLabel = false)
{
    private const long MaxClasses = 1 << 20;

    /// <summary>How batches read it: float32 <c>[rows, tags]</c> when it is multi-label, int64 <c>[rows]</c> when it is not.</summary>
    public BatchColumn Column => IsMultiLabel ? BatchColumn.Vector(Name, VectorLayout.Dense) : BatchColumn.Key(Name);

    /// <exception cref="ArgumentException">There is no such column, or it does not have two classes or more.</exception>
    public static LabelColumn Of(DataViewSchema schema, string name)
    {
        bool isMultiLabel = schema.GetColumnOrNull(name)?.Type is VectorDataViewType;
        BoundColumn column = (isMultiLabel ? BatchColumn.Vector(name) : BatchColumn.Key(name)).Bind(schema);
        long count = isMultiLabel ? column.Width : column.KeyCount;
        if (count < 2 && !isMultiLabel)
            throw new ArgumentException($"The label '{name}' has {count} class: a classifier needs at least 2.");
        return count <= MaxClasses
            ? new LabelColumn(name, (int)count, ValuesOf(column.Source, isMultiLabel), isMultiLabel)
            : throw new ArgumentException(
                $"The label '{name}' has {(isMultiLabel ? $"{count} slots" : $"a key type of {count} values")}, at most {MaxClasses} can be classes: map the labels with mlContext.Transforms.Conversion.MapValueToKey.");
    }

    /// <exception cref="ArgumentException">The validation data's label has other values.</exception>
    public void RequireSameIn(DataViewSchema validation)
    {
        BoundColumn column = Column.Bind(validation);
        long count = IsMultiLabel ? column.Width : column.KeyCount;
        if (count != ClassCount || !(ValuesOf(column.Source, IsMultiLabel)?.Texts ?? []).SequenceEqual(Values?.Texts ?? []))
            throw new ArgumentException(
                $"The validation data's label '{Name}' has other {(IsMultiLabel ? "slots" : "key values")} than the training data's: transform both with the MapValueToKey that was fitted on the training data.");
    }

    private static KeyValues? ValuesOf(DataViewSchema.Column column, bool isMultiLabel) => isMultiLabel ? KeyValues.OfSlots(column) : KeyValues.Of(column);
}
