using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Tokenization;

/// <summary>Makes token ids of text by WordPiece, as BERT does, with a vocabulary that is learned from the text or given in a file.</summary>
/// <remarks>
/// <para>Input: a text column, or two for pairs of texts. Output: a token column, a vector of Int32 of variable size whose annotations hold the tokenizer
/// (<see cref="TokenAnnotations"/>); for pairs also a column of token types, a vector of Int32 as long. Empty and missing text has the special tokens alone,
/// <c>cls sep</c>, or none where they are not set.</para>
/// <para>Text comes back without its spacing, and by default without capitals and accents. See docs/tokenization.md.</para>
/// </remarks>
public sealed class WordPieceEstimator : IEstimator<WordPieceTransformer>
{
    private readonly ComponentHost _host;
    private readonly WordPieceOptions _options;

    internal WordPieceEstimator(IHostEnvironment environment, WordPieceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(WordPieceEstimator));
        _options = options;
    }

    /// <summary>Learns the vocabulary from <paramref name="input"/>, or reads it from the file that the options name.</summary>
    /// <exception cref="ArgumentException">A column is missing or is no text, an option cannot be used, there is no text to learn from, or its characters do not fit in the vocabulary.</exception>
    /// <exception cref="InvalidDataException">A file of the options is damaged, or its tokenizer is not supported.</exception>
    /// <exception cref="NotSupportedException">Text is to be normalised, for which the process lacks Unicode's data (invariant globalization).</exception>
    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public WordPieceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        return new WordPieceTransformer(CreateTokenizer(input), WordPieceState.Of(_options));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is no text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (string name in _options.InputColumns)
            inputSchema.Require(name, "Text", "text", "Conversion.ConvertType", c => c.Kind == VectorKind.Scalar && c.ItemType == TextDataViewType.Instance);
        SchemaShape output = inputSchema.With(SchemaShapes.Column(_options.OutputColumnName, VectorKind.VariableVector, NumberDataViewType.Int32, isKey: false, TokenAnnotations.Shapes));
        return _options.IsPair ? output.With(SchemaShapes.Column(_options.TokenTypeColumnName, VectorKind.VariableVector, NumberDataViewType.Int32)) : output;
    }

    private WordPieceTokenizer CreateTokenizer(IDataView input)
    {
        if (_options.Learns)
            return new WordPieceTokenizer(new WordPieceTraining(_host, _options).Learn(input));
        if (_options.VocabularyFile is { } file)
            return ReadVocabulary(file);
        WordPieceTokenizer whole = _options.Tokenizer ?? TokenizerJson.FromFile(_options.TokenizerFile!, WordPieceTokenizer.FromJson);
        _options.RequireFit(whole);
        return _options.MaxTokens is null ? whole : whole.WithMaxTokens(_options.MaxTokens);
    }

    private WordPieceTokenizer ReadVocabulary(string file)
    {
        WordPieceTokenizer tokenizer = WordPieceFile.Tokenizer(file, _options.Settings);
        string? capital = _options.Lowercase ? tokenizer.TextTokens.FirstOrDefault(token => token.Any(char.IsUpper)) : null;
        if (capital is not null)
            _host.Warn($"The vocabulary file '{file}' has the token '{capital}', which text in lower case never gives: set {nameof(_options.Lowercase)} to false for a vocabulary with capitals.");
        return tokenizer;
    }
}
