using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.LanguageModeling;

/// <summary>Pre-trains a text encoder to predict masked tokens, as BERT (Devlin et al., arXiv 1810.04805); more cheaply when its middle layers read only the tokens that are hard to predict
/// (token dropping, Hou et al., arXiv 2203.13240), and held to what it says when they read all (ScTD, Zhong et al., arXiv 2305.15273).</summary>
/// <remarks>
/// <para>Input: a token column of a tokenizer with a mask (<c>Transforms.Text.TokenizeWordPieces</c>). Output: <c>Embedding</c>, one vector for each row: features for any ML.NET trainer.</para>
/// <para>The loss is the mean over the masked tokens of an optimiser step, also when it is accumulated over several batches. Tokens are masked anew in each batch, and
/// dropped in training alone: validation and scores are of full passes.</para>
/// <para>See docs/encoder.md for the formulas, the papers' numbers and ours.</para>
/// </remarks>
public sealed class MaskedLanguageModelTrainer : IEstimator<MaskedLanguageModelTransformer>
{
    private readonly ComponentHost _host;
    private readonly MaskedLanguageModelOptions _options;

    internal MaskedLanguageModelTrainer(IHostEnvironment environment, MaskedLanguageModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(MaskedLanguageModelTrainer));
        _options = options;
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The model to go on from was disposed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public MaskedLanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights; null to use <see cref="MaskedLanguageModelOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public MaskedLanguageModelTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        ObjectDisposedException.ThrowIf(_options.Pretrained is { Model.IsDisposed: true }, typeof(MaskedLanguageModelTransformer));
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new MaskedTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireTokens(_options);
        return inputSchema.With(SchemaShapes.Column(EncoderScorer.Embedding, VectorKind.Vector, NumberDataViewType.Single));
    }
}
