using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>The columns that a classifier adds for a label. Those of labels behind the first have the label's name behind theirs.</summary>
internal static class ScoreColumns
{
    public static string PredictedLabel(string label, int place) => Name("PredictedLabel", label, place);

    public static string Score(string label, int place) => Name("Score", label, place);

    /// <summary><c>PredictedLabel</c> and <c>Score</c>.</summary>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="labels">The classes; null when the label's key has no values.</param>
    /// <param name="input">The schema of the data to score.</param>
    /// <param name="label">The label's name.</param>
    /// <param name="place">Its place among the labels, from 0.</param>
    public static DataViewSchema.DetachedColumn[] Multiclass(int classCount, KeyValues? labels, DataViewSchema input, string label = "", int place = 0) =>
    [
        new(PredictedLabel(label, place), new KeyDataViewType(typeof(uint), classCount), ScoreAnnotations.MulticlassPredictedLabel(labels, input, place)),
        new(Score(label, place), new VectorDataViewType(NumberDataViewType.Single, classCount), ScoreAnnotations.MulticlassScore(labels, input, place)),
    ];

    /// <summary><c>PredictedLabel</c> and <c>Score</c> of a multi-label label: which tags, and the probability of each.</summary>
    /// <param name="tagCount">The number of tags.</param>
    /// <param name="tags">The tags; null when they have no names.</param>
    /// <param name="label">The label's name.</param>
    /// <param name="place">Its place among the labels, from 0.</param>
    public static DataViewSchema.DetachedColumn[] MultiLabel(int tagCount, KeyValues? tags, string label, int place)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        tags?.AddSlotNamesTo(annotations);
        return
        [
            new(PredictedLabel(label, place), new VectorDataViewType(BooleanDataViewType.Instance, tagCount), annotations.ToAnnotations()),
            new(Score(label, place), new VectorDataViewType(NumberDataViewType.Single, tagCount), annotations.ToAnnotations()),
        ];
    }

    private static string Name(string column, string label, int place) => place == 0 ? column : $"{column}.{label}";
}
