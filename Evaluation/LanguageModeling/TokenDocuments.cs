using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static MLNetExt.Evaluation.TokenColumns;

namespace MLNetExt.Evaluation;

/// <summary>The documents of a data view, row by row.</summary>
internal sealed class TokenDocuments
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column _tokens;
    private readonly DataViewSchema.Column? _lossMask;
    private readonly DataViewSchema.Column? _text;
    private readonly int _vocabularySize;

    /// <param name="data">The data.</param>
    /// <param name="tokensColumnName">The ids.</param>
    /// <param name="lossMaskColumnName">The mask; null for none.</param>
    /// <param name="textColumnName">The text; null for none.</param>
    /// <param name="vocabularySize">The ids that the model knows; <see cref="int.MaxValue"/> when that is not known.</param>
    /// <param name="tokenizer">The fingerprint of the tokenizer whose ids they are; null when the model does not say.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or another tokenizer made the ids.</exception>
    public TokenDocuments(IDataView data, string tokensColumnName, string? lossMaskColumnName, string? textColumnName, int vocabularySize, string? tokenizer)
    {
        _data = data;
        _vocabularySize = vocabularySize;
        _tokens = EvaluatedColumns.Find(data.Schema, tokensColumnName, "token");
        if (!IsVectorOf(_tokens, NumberDataViewType.Int32))
            throw EvaluatedColumns.WrongType(_tokens, "token", "a vector of Int32", Remedy);
        if (tokenizer is not null)
            TokenAnnotations.RequireSame(_tokens, tokenizer);
        if (lossMaskColumnName is not null)
            _lossMask = EvaluatedColumns.Find(data.Schema, lossMaskColumnName, "loss-mask");
        if (_lossMask is { } mask && !IsVectorOf(mask, NumberDataViewType.Single))
            throw EvaluatedColumns.WrongType(mask, "loss-mask", "a vector of Single, one value a token", "name the column that the mask's transform made");
        if (textColumnName is not null)
            _text = EvaluatedColumns.Find(data.Schema, textColumnName, "text");
        if (_text is { } text && text.Type is not TextDataViewType)
            throw EvaluatedColumns.WrongType(text, "text", "text", "name the column that the tokens were made of");
    }

    /// <summary>The token column.</summary>
    public DataViewSchema.Column TokensColumn => _tokens;

    /// <summary>How many documents there are; null when the data do not know.</summary>
    public long? RowCount => _data.GetRowCount();

    /// <summary>Reads the documents, once.</summary>
    /// <exception cref="ArgumentException">While reading: an id is outside the vocabulary, or a mask is of another length than its tokens or holds NaN
    /// or a negative value; the message names the row.</exception>
    public IEnumerable<TokenDocument> Read()
    {
        DataViewSchema.Column[] columns = [_tokens, .. new[] { _lossMask, _text }.OfType<DataViewSchema.Column>()];
        using DataViewRowCursor cursor = _data.GetRowCursor(columns);
        Func<int[]> tokens = Values<int>(cursor, _tokens);
        Func<float[]>? lossMask = _lossMask is { } mask ? Values<float>(cursor, mask) : null;
        ValueGetter<ReadOnlyMemory<char>>? text = _text is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        ReadOnlyMemory<char> characters = default;
        while (cursor.MoveNext())
        {
            text?.Invoke(ref characters);
            var document = new TokenDocument(cursor.Position, tokens(), lossMask?.Invoke(), text is null ? null : characters.ToString());
            Check(document);
            yield return document;
        }
    }

    /// <summary>How messages name a document.</summary>
    public string Describe(long row) => $"the document in row {row} (0-based) of column '{_tokens.Name}'";

    private void Check(TokenDocument document)
    {
        RequireKnown(document.Tokens, _vocabularySize, Describe(document.Row));
        if (document.LossMask is not { } mask)
            return;
        if (mask.Length != document.Tokens.Length)
            throw new ArgumentException(
                $"The loss mask '{_lossMask!.Value.Name}' has {mask.Length} values for the {document.Tokens.Length} tokens of {Describe(document.Row)}: name the mask that was made of these tokens.");
        if (!mask.All(value => value >= 0))
            throw new ArgumentException($"The loss mask '{_lossMask!.Value.Name}' holds NaN or a negative value for {Describe(document.Row)}; 0 drops a token, 1 keeps it.");
    }
}
