using System.CommandLine;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say where the documents are in a file.</summary>
internal sealed class TextOptions
{
    public const string DataDescription = "A CSV or TSV file with a header line, or JSON Lines (.jsonl), with a document a row (--text), or a file of plain text (.txt, or --documents).";

    /// <summary>What a document is, as typed.</summary>
    private static readonly Dictionary<string, DocumentSplit> s_splits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["file"] = DocumentSplit.File,
        ["paragraphs"] = DocumentSplit.Paragraphs,
        ["lines"] = DocumentSplit.Lines,
    };

    private static readonly string[] s_plainEndings = [".txt", ".text", ".md"];

    private readonly Option<string?> _text = new("--text") { Description = "The column of a table that holds the documents.", HelpName = "column" };
    private readonly Option<DocumentSplit?> _documents = CheckedOption.OptionalChoice("--documents", "What a document of plain text is: the whole file, which it is without this, a paragraph between empty lines, or a line.", s_splits);

    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_documents);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_text) is { Implicit: false } && result.GetResult(_documents) is { Implicit: false })
                result.AddError("Use --text for a table, or --documents for plain text.");
        });
    }

    /// <summary>Whether a file is plain text, by its name.</summary>
    public static bool IsPlain(string path) => s_plainEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="UserErrorException">Nothing says whether the file is a table.</exception>
    public TextSource Read(ParseResult parsed, string path)
    {
        string? column = parsed.GetValue(_text);
        DocumentSplit? documents = parsed.GetValue(_documents);
        return column is not null || documents is not null || IsPlain(path)
            ? new TextSource(path, column, documents ?? DocumentSplit.File)
            : throw new UserErrorException($"'{path}': name the column that holds the documents with --text, or say with --documents that the file is plain text.");
    }
}
