using System.Text;

namespace MLNetExt.Cli.Data;

/// <summary>A file of documents.</summary>
/// <param name="Path">The file.</param>
/// <param name="Column">The column of a table that holds a document in each row; null for a file of plain text.</param>
/// <param name="Documents">What is a document in plain text.</param>
/// <param name="Option">The option that names the column.</param>
internal sealed record TextSource(string Path, string? Column, DocumentSplit Documents, string Option = "--text")
{
    /// <summary>The column of the documents in a view.</summary>
    public string ColumnName => Column ?? "Text";

    /// <summary>Reads the documents.</summary>
    /// <param name="splitColumn">The column of a table that says what a document is for; null for none.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>Each document, in order, and what the split column says of it; empty ones are left out.</returns>
    /// <exception cref="UserErrorException">The file cannot be used, lacks a column, or holds no text.</exception>
    public IReadOnlyList<(string Text, string? Part)> Read(string? splitColumn, CancellationToken cancellation)
    {
        IEnumerable<(string Text, string? Part)> all = Column is not null ? ReadTable(Column, splitColumn, cancellation)
            : splitColumn is null ? ReadPlain().Select(text => (text, (string?)null))
            : throw new UserErrorException($"--split-column {splitColumn}: '{Path}' is plain text and has no columns: leave it out, or give a table.");
        (string Text, string? Part)[] documents = [.. all.Where(document => !string.IsNullOrWhiteSpace(document.Text))];
        return documents.Length > 0
            ? documents
            : throw new UserErrorException(Column is null ? $"'{Path}' holds no text." : $"{Option} {Column}: no row of '{Path}' holds any text.");
    }

    /// <summary>Reads the documents of a training run.</summary>
    /// <param name="test">The documents to measure on.</param>
    /// <param name="seed">Decides the random test part.</param>
    /// <param name="validationFraction">The share of training documents that the trainer sets aside itself.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="UserErrorException">A file or the request cannot be used; says why.</exception>
    public RowParts<string> ReadParts(TestPart test, int seed, double validationFraction, CancellationToken cancellation)
    {
        RowParts<string> parts = RowParts<string>.Read(Path, test, seed, path => (this with { Path = path }).Read(test.SplitColumn, cancellation));
        return parts.Validation is null || validationFraction == 0
            ? parts
            : throw new UserErrorException($"--split-column {test.SplitColumn} has validation rows: leave --validation-fraction out, or name another column.");
    }

    private IEnumerable<(string Text, string? Part)> ReadTable(string column, string? splitColumn, CancellationToken cancellation)
    {
        IEnumerable<(string Name, string Option)> columns = splitColumn is null ? [(column, Option)] : [(column, Option), (splitColumn, "--split-column")];
        return TextColumns.Read(Path, columns, cancellation).Select(row => (row[column], splitColumn is null ? null : row[splitColumn]));
    }

    private IEnumerable<string> ReadPlain()
    {
        string content = Utf8Text.Read(Path);
        return Documents switch
        {
            DocumentSplit.File => [content],
            DocumentSplit.Lines => Lines(content),
            _ => Paragraphs(content),
        };
    }

    private static IEnumerable<string> Paragraphs(string content)
    {
        var paragraph = new StringBuilder();
        foreach (string line in Lines(content))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                paragraph.Append(paragraph.Length > 0 ? "\n" : "").Append(line);
                continue;
            }

            yield return paragraph.ToString();
            paragraph.Clear();
        }

        yield return paragraph.ToString();
    }

    private static IEnumerable<string> Lines(string content)
    {
        using var reader = new StringReader(content);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
