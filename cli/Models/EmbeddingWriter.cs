using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Models;

/// <summary>Writes embeddings as CSV, row by row: the data row from 0, the copied columns, and one column a number.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="vector">The embedding's name, with which its columns' names begin.</param>
internal sealed class EmbeddingWriter(TextWriter writer, string vector)
{
    private readonly CsvLines _lines = new(writer);

    /// <summary>The rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows among them that have no embedding.</summary>
    public long Missing { get; private set; }

    public void WriteHeader(IEnumerable<string> copied, int width)
    {
        foreach (string name in (IEnumerable<string>)["row", .. copied, .. Enumerable.Range(0, width).Select(i => EmbeddingFile.ColumnName(vector, i))])
            _lines.Append(name);
        _lines.EndLine();
    }

    public void WriteRow(ReadOnlySpan<ReadOnlyMemory<char>> copied, ReadOnlySpan<float> embedding)
    {
        _lines.Append(Rows++);
        foreach (ReadOnlyMemory<char> value in copied)
            _lines.Append(value.Span);
        foreach (float value in embedding)
            _lines.Append(value);
        Missing += float.IsNaN(embedding[0]) ? 1 : 0;
        _lines.EndLine();
    }
}
