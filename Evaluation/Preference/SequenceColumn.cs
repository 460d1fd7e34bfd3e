using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>A column of sequences, as ids or as text, which a model's codec makes ids of.</summary>
internal sealed class SequenceColumn
{
    private readonly DataViewSchema.Column _column;

    /// <param name="schema">The data's schema.</param>
    /// <param name="name">The column.</param>
    /// <param name="role">What it is, for messages.</param>
    /// <param name="codec">How the model reads text; null when that is not known.</param>
    /// <param name="tokenizer">The fingerprint of the tokenizer whose ids the model knows; null when it does not say.</param>
    /// <exception cref="ArgumentException">The column is missing or of another type, text that nothing can read, or tokens of another tokenizer than the model's.</exception>
    public SequenceColumn(DataViewSchema schema, string name, string role, ITextCodec? codec, string? tokenizer)
    {
        _column = EvaluatedColumns.Find(schema, name, role);
        IsText = _column.Type is TextDataViewType;
        if (!IsText && !TokenColumns.IsVectorOf(_column, NumberDataViewType.Int32))
            throw EvaluatedColumns.WrongType(_column, role, "a vector of Int32, or text", TokenColumns.Remedy);
        if (IsText && codec is null)
            throw new ArgumentException($"The {role} column '{name}' is text, and the model does not say how it reads text: name a column of tokens, or set Codec.");
        if (!IsText && tokenizer is not null)
            TokenAnnotations.RequireSame(_column, tokenizer);
    }

    private SequenceColumn(DataViewSchema.Column column) => (_column, IsText) = (column, true);

    /// <summary>Whether rows are text.</summary>
    public bool IsText { get; }

    /// <summary>The column.</summary>
    public DataViewSchema.Column Column => _column;

    /// <summary>A column that must be text, and is never encoded.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type.</exception>
    public static SequenceColumn OfText(DataViewSchema schema, string name, string role)
    {
        DataViewSchema.Column column = EvaluatedColumns.Find(schema, name, role);
        return column.Type is TextDataViewType
            ? new SequenceColumn(column)
            : throw EvaluatedColumns.WrongType(column, role, "text", "name a column of text");
    }

    /// <summary>Reads the ids of rows that are not text.</summary>
    public Func<int[]> Ids(DataViewRow row) => TokenColumns.Values<int>(row, _column);

    /// <summary>Reads rows that are text.</summary>
    public Func<string> Text(DataViewRow row)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(_column);
        ReadOnlyMemory<char> characters = default;
        return () =>
        {
            getter(ref characters);
            return characters.ToString();
        };
    }

    /// <summary>How messages name a row's sequence.</summary>
    public string Describe(long row) => $"row {row} (0-based) of column '{_column.Name}'";
}
