using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The annotations by which ML.NET's evaluators recognise a trainer's output columns.</summary>
public static class ScoreAnnotations
{
    /// <summary>Annotations of a multiclass <c>Score</c> column: what it is, and which class each slot belongs to.</summary>
    /// <param name="labels">The classes, or null when the label's key has no values.</param>
    /// <param name="input">The scored data's schema; the new columns get a set id that it does not have.</param>
    /// <param name="set">Which of several labels it is that one model predicts, from 0: the columns of each are a set.</param>
    public static DataViewSchema.Annotations MulticlassScore(KeyValues? labels, DataViewSchema input, int set = 0)
    {
        DataViewSchema.Annotations.Builder annotations = Of("Score", input, set);
        labels?.AddSlotNamesTo(annotations);
        labels?.AddTo(annotations, AnnotationNames.TrainingLabelValues);
        return annotations.ToAnnotations();
    }

    /// <summary>Annotations of a multiclass <c>PredictedLabel</c> column.</summary>
    /// <param name="labels">The classes, or null when the label's key has no values.</param>
    /// <param name="input">The scored data's schema; the new columns get a set id that it does not have.</param>
    /// <param name="set">Which of several labels it is that one model predicts, from 0: the columns of each are a set.</param>
    public static DataViewSchema.Annotations MulticlassPredictedLabel(KeyValues? labels, DataViewSchema input, int set = 0)
    {
        DataViewSchema.Annotations.Builder annotations = Of("PredictedLabel", input, set);
        labels?.AddTo(annotations);
        return annotations.ToAnnotations();
    }

    private static DataViewSchema.Annotations.Builder Of(string valueKind, DataViewSchema input, int set)
    {
        uint setId = NextSetId(input) + (uint)set;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint id) => id = setId);
        annotations.Add(AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> kind) => kind = "MulticlassClassification".AsMemory());
        annotations.Add(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> kind) => kind = valueKind.AsMemory());
        return annotations;
    }

    private static uint NextSetId(DataViewSchema input)
    {
        uint max = 0;
        foreach (DataViewSchema.Column column in input)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.ScoreColumnSetId)?.Type is not KeyDataViewType { RawType: { } type } || type != typeof(uint))
                continue;
            uint id = 0;
            column.Annotations.GetValue(AnnotationNames.ScoreColumnSetId, ref id);
            max = Math.Max(max, id);
        }

        return max + 1;
    }
}
