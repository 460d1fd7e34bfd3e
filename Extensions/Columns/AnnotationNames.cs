namespace MLNetExt.Columns;

/// <summary>The names of the annotations that ML.NET's components agree on.</summary>
public static class AnnotationNames
{
    /// <summary>The values behind a key column, in key order.</summary>
    public const string KeyValues = "KeyValues";

    /// <summary>The name of each slot of a vector column.</summary>
    public const string SlotNames = "SlotNames";

    /// <summary>The label values that a score column's slots belong to.</summary>
    public const string TrainingLabelValues = "TrainingLabelValues";

    /// <summary>A number that the output columns of one trainer share.</summary>
    public const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>The task that a score column belongs to, such as <c>MulticlassClassification</c>.</summary>
    public const string ScoreColumnKind = "ScoreColumnKind";

    /// <summary>Which of a trainer's outputs a column is, such as <c>Score</c> or <c>PredictedLabel</c>.</summary>
    public const string ScoreValueKind = "ScoreValueKind";
}
