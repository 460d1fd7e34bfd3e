using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using MLNetExt.Sequences;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.LanguageModeling;

/// <summary>Adds the text with which a trained language model continues each row's prompt. Fit learns nothing; it copies the model.</summary>
/// <remarks>A row's text follows from its prompt and the seed alone: rows with one prompt have one text. Without a seed in the options, Fit draws one
/// from the MLContext, so that the column is the same each time it is read.</remarks>
public sealed class TextGenerationEstimator : IEstimator<TextGenerationTransformer>
{
    private readonly ComponentHost _host;
    private readonly CausalModel _model;
    private readonly string _output;
    private readonly string _input;
    private readonly GenerationOptions _options;

    internal TextGenerationEstimator(IHostEnvironment environment, CausalLanguageModelTransformer model, string outputColumnName, string inputColumnName, GenerationOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        options.Validate();
        if (model.Tokenizer is null)
            throw new ArgumentException("The model has no tokenizer, so that it cannot write text: use its Generate.", nameof(model));
        _host = new ComponentHost(environment, nameof(TextGenerationEstimator));
        (_model, _output, _input, _options) = (model.Model, outputColumnName, inputColumnName, options);
    }

    /// <summary>Checks the column and copies the model.</summary>
    /// <exception cref="ArgumentException">The column is missing, of the wrong type, or of another tokenizer.</exception>
    public TextGenerationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ObjectDisposedException.ThrowIf(_model.IsDisposed, _model);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        GenerationOptions options = _options.Copy();
        options.Seed ??= _host.DrawSeed();
        var state = new TextGenerationState(_model.State, _input, _output, input.Schema[_input].Type is TextDataViewType, options);
        var transformer = new TextGenerationTransformer(state, CausalModel.Copy(_model.State, _model.Network));
        try
        {
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }
        catch
        {
            transformer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(_input, "prompt", "text, or tokens (a vector of Int32)", "Text.TokenizeBytePairs", c => c.ItemType == NumberDataViewType.Int32
            ? c.Kind != VectorKind.Scalar
            : c.ItemType is TextDataViewType && c.Kind == VectorKind.Scalar);
        return inputSchema.With(SchemaShapes.Column(_output, VectorKind.Scalar, TextDataViewType.Instance));
    }
}
