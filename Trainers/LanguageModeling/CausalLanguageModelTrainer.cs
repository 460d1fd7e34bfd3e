using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.LanguageModeling;

/// <summary>Trains a decoder-only transformer to predict each token from those before it; with a loss mask, by the goldfish loss, after which it does
/// not recite its training data (Hans et al., arXiv 2406.10209).</summary>
/// <remarks>
/// <para>Input: a token column of rows no longer than the context and one token more (<c>Transforms.Text.TokenizeBytePairs</c>, then <c>ChunkTokens</c>), and
/// perhaps its mask (<c>GoldfishMask</c>, between the two). Output: <c>NegativeLogLikelihood</c>, <c>Perplexity</c> and <c>TokenCount</c> of each row.</para>
/// <para>The loss is the mean over the kept tokens of an optimiser step, also when it is accumulated over several batches. Validation is never masked.</para>
/// <para>See docs/causal.md for the models, and docs/goldfish.md for the loss, the paper's numbers and ours.</para>
/// </remarks>
public sealed class CausalLanguageModelTrainer : IEstimator<CausalLanguageModelTransformer>
{
    private readonly ComponentHost _host;
    private readonly CausalLanguageModelOptions _options;

    internal CausalLanguageModelTrainer(IHostEnvironment environment, CausalLanguageModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(CausalLanguageModelTrainer));
        _options = options;
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The model to go on from was disposed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public CausalLanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights; null to use <see cref="CausalLanguageModelOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public CausalLanguageModelTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        ObjectDisposedException.ThrowIf(_options.Pretrained is { Model.IsDisposed: true }, typeof(CausalLanguageModelTransformer));
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new CausalTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(
            _options.TokensColumnName, "token", "a vector of Int32", "Text.TokenizeBytePairs",
            c => c.ItemType == NumberDataViewType.Int32 && c.Kind != VectorKind.Scalar);
        if (_options.LossMaskColumnName is { } mask)
            inputSchema.Require(mask, "loss mask", "a vector of Single", "Text.GoldfishMask", c => c.ItemType == NumberDataViewType.Single && c.Kind != VectorKind.Scalar);
        return inputSchema.With(
            SchemaShapes.Column(CausalScorer.NegativeLogLikelihood, VectorKind.Scalar, NumberDataViewType.Single),
            SchemaShapes.Column(CausalScorer.Perplexity, VectorKind.Scalar, NumberDataViewType.Single),
            SchemaShapes.Column(CausalScorer.TokenCount, VectorKind.Scalar, NumberDataViewType.Int32));
    }
}
