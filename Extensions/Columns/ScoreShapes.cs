using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Columns;

/// <summary>The shapes of a trainer's output columns, as an estimator promises them; <see cref="ScoreAnnotations"/> delivers what they say.</summary>
public static class ScoreShapes
{
    /// <summary>The shape of a multiclass <c>PredictedLabel</c> column.</summary>
    /// <param name="label">The label column that is learned.</param>
    /// <param name="name">The column's name.</param>
    public static SchemaShape.Column MulticlassPredictedLabel(SchemaShape.Column label, string name = "PredictedLabel") =>
        SchemaShapes.Column(name, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
            [.. Common, .. Values(label, AnnotationNames.KeyValues)]);

    /// <summary>The shape of a multiclass <c>Score</c> column.</summary>
    /// <param name="label">The label column that is learned.</param>
    /// <param name="name">The column's name.</param>
    public static SchemaShape.Column MulticlassScore(SchemaShape.Column label, string name = "Score") =>
        SchemaShapes.Column(name, VectorKind.Vector, NumberDataViewType.Single, isKey: false,
            [
                .. Common,
                .. Values(label, AnnotationNames.TrainingLabelValues),
                .. Values(label, AnnotationNames.TrainingLabelValues).Select(_ => SchemaShapes.Column(AnnotationNames.SlotNames, VectorKind.Vector, TextDataViewType.Instance)),
            ]);

    private static SchemaShape.Column[] Common =>
    [
        SchemaShapes.Column(AnnotationNames.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        SchemaShapes.Column(AnnotationNames.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance),
        SchemaShapes.Column(AnnotationNames.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance),
    ];

    private static IEnumerable<SchemaShape.Column> Values(SchemaShape.Column label, string annotation) =>
        label.Annotations.Find(AnnotationNames.KeyValues) is { Kind: VectorKind.Vector } values && KeyValues.IsSupported(values.ItemType)
            ? [SchemaShapes.Column(annotation, VectorKind.Vector, values.ItemType)]
            : [];
}
