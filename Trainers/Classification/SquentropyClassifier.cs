using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Classification;

/// <summary>Trains a multiclass classifier with the squentropy loss: cross-entropy plus the mean square of the wrong
/// classes' logits (Hui, Belkin and Wright, arXiv 2302.03952).</summary>
/// <remarks>
/// <para>Input: a key label, a vector of Single of known length, and optionally a weight. Output: <c>PredictedLabel</c>, a key
/// with the label's values, and <c>Score</c>, the probabilities of the classes in key order, named in <c>SlotNames</c>.</para>
/// <para>It needs no normalisation before it and no caching around it. A row whose features hold NaN or infinity stops
/// training; when scoring, it gets NaN scores and a missing <c>PredictedLabel</c>.</para>
/// <para>See docs/squentropy.md for the formula, the paper's numbers and ours.</para>
/// </remarks>
public sealed class SquentropyClassifier : ITrainerEstimator<SquentropyTransformer, SquentropyModel>
{
    private readonly ComponentHost _host;
    private readonly SquentropyOptions _options;

    internal SquentropyClassifier(IHostEnvironment environment, SquentropyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(SquentropyClassifier));
        _options = options;
    }

    /// <inheritdoc/>
    public TrainerInfo Info { get; } = TrainerInfos.Create(needsNormalization: false, wantsCaching: false, supportsValidation: true);

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SquentropyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights and fit the temperature; null to use <see cref="SquentropyOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public SquentropyTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new ClassifierTraining(_host, _options, trainData, validationData);
        return new SquentropyTransformer(training.Run());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column label = inputSchema.RequireLabel(_options.LabelColumnName);
        inputSchema.Require(
            _options.FeatureColumnName, "Features", "a vector of Single of known length", "Concatenate or Conversion.ConvertType",
            c => !c.IsKey && c.Kind != VectorKind.VariableVector && c.ItemType == NumberDataViewType.Single);
        inputSchema.RequireWeight(_options.ExampleWeightColumnName);
        return inputSchema.With(ScoreShapes.MulticlassPredictedLabel(label), ScoreShapes.MulticlassScore(label));
    }
}
