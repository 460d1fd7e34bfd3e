using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>Documents as a view.</summary>
internal static class DocumentView
{
    /// <summary>The token column that goes with text columns.</summary>
    public static string TokensOf(params IEnumerable<string> textColumns) => textColumns.Contains("Tokens") ? "TokenIds" : "Tokens";

    /// <summary>A view of one text column.</summary>
    public static IDataView Create(MLContext ml, IEnumerable<string> documents, string textColumn)
    {
        var definition = SchemaDefinition.Create(typeof(Document));
        definition[nameof(Document.Text)].ColumnName = textColumn;
        return ml.Data.LoadFromEnumerable<Document>([.. documents.Select(text => new Document { Text = text })], definition);
    }

    private sealed class Document
    {
        public string Text { get; set; } = "";
    }
}
