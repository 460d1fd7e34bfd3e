using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Classification;

/// <summary>Trains a text encoder to classify texts: one that was pre-trained on masked tokens, as BERT (Devlin et al., arXiv 1810.04805), or a new one.</summary>
/// <remarks>
/// <para>Input: a key label, a token column (<c>Transforms.Text.TokenizeWordPieces</c>), and optionally the kinds of its tokens and a weight. Output: <c>PredictedLabel</c>, a key
/// with the label's values, <c>Score</c>, the probabilities of the classes in key order, named in <c>SlotNames</c>, and <c>Embedding</c>, the encoder's vector of the text.</para>
/// <para>A row with a token that the encoder does not know, or with more tokens than it has positions, is an error that names it. A row of special tokens alone, such as an
/// empty text, is left out of training; when scoring, it gets NaN scores and a missing <c>PredictedLabel</c>.</para>
/// <para>See docs/text-classifier.md.</para>
/// </remarks>
public sealed class TextEncoderClassifier : IEstimator<TextEncoderClassifierTransformer>
{
    private readonly ComponentHost _host;
    private readonly TextEncoderClassifierOptions _options;

    internal TextEncoderClassifier(IHostEnvironment environment, TextEncoderClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(TextEncoderClassifier));
        _options = options;
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The encoder to go on from was disposed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public TextEncoderClassifierTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights and fit the temperature; null to use <see cref="TextEncoderClassifierOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public TextEncoderClassifierTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        ObjectDisposedException.ThrowIf(_options.Pretrained is { Model.IsDisposed: true }, typeof(MaskedLanguageModelTransformer));
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new TextEncoderTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column label = inputSchema.RequireLabel(_options.LabelColumnName);
        inputSchema.RequireTokens(_options);
        inputSchema.RequireWeight(_options.ExampleWeightColumnName);
        return inputSchema.With(
            ScoreShapes.MulticlassPredictedLabel(label),
            ScoreShapes.MulticlassScore(label),
            SchemaShapes.Column(EncoderScorer.Embedding, VectorKind.Vector, NumberDataViewType.Single));
    }
}
