using Microsoft.ML;
using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>The label of a classifier.</summary>
/// <param name="Name">The key column.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Values">The classes; null when the key has no values.</param>
internal sealed record LabelColumn(string Name, int ClassCount, KeyValues? Values)
{
    private const long MaxClasses = 1 << 20;

    /// <exception cref="ArgumentException">There is no such key column, or it does not have two classes or more.</exception>
    public static LabelColumn Of(DataViewSchema schema, string name)
    {
        long count = BatchColumn.Key(name).Bind(schema).KeyCount;
        if (count < 2)
            throw new ArgumentException($"The label '{name}' has {count} class: a classifier needs at least 2.");
        return count <= MaxClasses
            ? new LabelColumn(name, (int)count, KeyValues.Of(schema[name]))
            : throw new ArgumentException(
                $"The label '{name}' has a key type of {count} values, at most {MaxClasses} can be classes: map the labels with mlContext.Transforms.Conversion.MapValueToKey.");
    }

    /// <exception cref="ArgumentException">The validation data's label has other values.</exception>
    public void RequireSameIn(DataViewSchema validation)
    {
        long count = BatchColumn.Key(Name).Bind(validation).KeyCount;
        KeyValues? labels = KeyValues.Of(validation[Name]);
        if (count != ClassCount || !(labels?.Texts ?? []).SequenceEqual(Values?.Texts ?? []))
            throw new ArgumentException(
                $"The validation data's label '{Name}' has other key values than the training data's: transform both with the MapValueToKey that was fitted on the training data.");
    }
}
