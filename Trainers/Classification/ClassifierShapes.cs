using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Classification;

/// <summary>The columns that every classifier reads, and what it adds.</summary>
internal static class ClassifierShapes
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public static SchemaShape.Column RequireLabel(this SchemaShape shape, string name) =>
        shape.Require(name, "Label", "a key", "Conversion.MapValueToKey", c => c.IsKey && c.Kind == VectorKind.Scalar);

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public static SchemaShape.Column RequireLabelOrTags(this SchemaShape shape, string name) => shape.Require(
        name, "Label", "a key, or a vector of Single or Boolean of known length, a slot for each tag", "Conversion.MapValueToKey, and for tags Conversion.MapKeyToVector behind it", c => IsTags(c) || (c.IsKey && c.Kind == VectorKind.Scalar));

    /// <summary>Whether a label is multi-label: a slot for each tag.</summary>
    public static bool IsTags(SchemaShape.Column label) => !label.IsKey && label.Kind == VectorKind.Vector && (label.ItemType == NumberDataViewType.Single || label.ItemType == BooleanDataViewType.Instance);

    /// <summary>What a classifier adds for a label, one that may be multi-label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="place">Its place among the labels, from 0.</param>
    public static SchemaShape.Column[] Scores(SchemaShape.Column label, int place)
    {
        (string predicted, string score) = (ScoreColumns.PredictedLabel(label.Name, place), ScoreColumns.Score(label.Name, place));
        if (!IsTags(label))
            return [ScoreShapes.MulticlassPredictedLabel(label, predicted), ScoreShapes.MulticlassScore(label, score)];
        SchemaShape.Column[] names = label.Annotations.Find(AnnotationNames.SlotNames) is null ? [] : [SchemaShapes.Column(AnnotationNames.SlotNames, VectorKind.Vector, TextDataViewType.Instance)];
        return [SchemaShapes.Column(predicted, VectorKind.Vector, BooleanDataViewType.Instance, isKey: false, names), SchemaShapes.Column(score, VectorKind.Vector, NumberDataViewType.Single, isKey: false, names)];
    }

    /// <summary>Nothing when there is no such column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public static void RequireWeight(this SchemaShape shape, string? name)
    {
        if (name is not null)
            shape.Require(name, "ExampleWeight", "a number", "Conversion.ConvertType", c => !c.IsKey && c.Kind == VectorKind.Scalar && c.ItemType is NumberDataViewType or BooleanDataViewType);
    }
}
