using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Tokenization;

/// <summary>Makes token ids of text by byte-level byte-pair encoding, with a vocabulary that is learned from the text or given in files.</summary>
/// <remarks>
/// <para>Input: a text column. Output: a token column, a vector of Int32 of variable size whose annotations hold the tokenizer
/// (<see cref="TokenAnnotations"/>). Empty and missing text has no tokens, besides <c>bos</c> and <c>eos</c> where they are asked for.</para>
/// <para>Every text can be encoded, as every byte is a token, and decoding gives the same text back. See docs/tokenization.md.</para>
/// </remarks>
public sealed class BytePairEstimator : IEstimator<BytePairTransformer>
{
    private readonly ComponentHost _host;
    private readonly BytePairOptions _options;

    internal BytePairEstimator(IHostEnvironment environment, BytePairOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(BytePairEstimator));
        _options = options;
    }

    /// <summary>Learns the vocabulary from <paramref name="input"/>, or reads it from the files that the options name.</summary>
    /// <exception cref="ArgumentException">The column is missing or is no text, or an option cannot be used.</exception>
    /// <exception cref="InvalidDataException">A file of the options is damaged, or its tokenizer is not supported.</exception>
    /// <exception cref="NotSupportedException">Text is to be normalised, for which the process lacks Unicode's data (invariant globalization).</exception>
    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public BytePairTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        return new BytePairTransformer(CreateTokenizer(input), new TokenizationState(_options.OutputColumnName, _options.InputColumn));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(_options.InputColumn, "Text", "text", "Conversion.ConvertType", c => c.Kind == VectorKind.Scalar && c.ItemType == TextDataViewType.Instance);
        return inputSchema.With(SchemaShapes.Column(_options.OutputColumnName, VectorKind.VariableVector, NumberDataViewType.Int32, isKey: false, TokenAnnotations.Shapes));
    }

    private BytePairTokenizer CreateTokenizer(IDataView input)
    {
        var training = new BytePairTraining(_host, _options);
        if (_options.Learns)
            return new BytePairTokenizer(training.Learn(input));
        if (_options.Tokenizer is not null || _options.TokenizerFile is not null)
        {
            BytePairTokenizer whole = _options.Tokenizer ?? TokenizerJson.FromFile(_options.TokenizerFile!, BytePairTokenizer.FromJson);
            _options.RequireRoom(whole.TokensAround);
            return _options.MaxTokens is null ? whole : whole.WithMaxTokens(_options.MaxTokens);
        }
        BytePairModel model = VocabularyFiles.Read(_options.VocabularyFile!, _options.MergesFile!);
        Dictionary<string, int> roles = SpecialTokens.ByRole(model.Tokens, model.Special);
        BytePairOptionsCheck.RequireRole(_options.AddBos, nameof(_options.AddBos), SpecialTokens.Bos, roles.Keys);
        BytePairOptionsCheck.RequireRole(_options.AddEos, nameof(_options.AddEos), SpecialTokens.Eos, roles.Keys);
        return new BytePairTokenizer(model with { Settings = training.Settings(role => model.Tokens[roles[role]]) });
    }
}
