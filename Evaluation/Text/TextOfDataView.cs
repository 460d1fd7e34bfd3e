using Microsoft.ML;

namespace MLNetExt.Evaluation;

/// <summary>Describes the texts of a data view.</summary>
internal static class TextOfDataView
{
    public static TextStatistics Evaluate(IDataView data, string textColumnName, string? referenceColumnName, TextStatisticsOptions? options)
    {
        options?.Validate();
        SequenceColumn text = SequenceColumn.OfText(data.Schema, textColumnName, "text");
        SequenceColumn? reference = referenceColumnName is null ? null : SequenceColumn.OfText(data.Schema, referenceColumnName, "reference");
        using DataViewRowCursor cursor = data.GetRowCursor([text.Column, .. reference is null ? [] : new[] { reference.Column }]);
        Func<string> getText = text.Text(cursor);
        Func<string>? getReference = reference?.Text(cursor);
        List<string> texts = [], references = [];
        while (cursor.MoveNext())
        {
            texts.Add(getText());
            if (getReference is not null)
                references.Add(getReference());
        }
        if (texts.Count == 0)
            throw new InvalidOperationException($"There is no text in column '{textColumnName}': the data have no rows.");
        return TextStatistics.Of(texts, reference is null ? null : references, options);
    }
}
