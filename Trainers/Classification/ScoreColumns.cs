using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>The columns that a classifier adds.</summary>
internal static class ScoreColumns
{
    /// <summary><c>PredictedLabel</c> and <c>Score</c>.</summary>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="labels">The classes; null when the label's key has no values.</param>
    /// <param name="input">The schema of the data to score.</param>
    public static DataViewSchema.DetachedColumn[] Multiclass(int classCount, KeyValues? labels, DataViewSchema input) =>
    [
        new("PredictedLabel", new KeyDataViewType(typeof(uint), classCount), ScoreAnnotations.MulticlassPredictedLabel(labels, input)),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, classCount), ScoreAnnotations.MulticlassScore(labels, input)),
    ];
}
