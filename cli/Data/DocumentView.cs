using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>Documents as a view.</summary>
internal static class DocumentView
{
    /// <summary>The token column that goes with a text column.</summary>
    public static string TokensOf(string textColumn) => textColumn == "Tokens" ? "TokenIds" : "Tokens";

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
