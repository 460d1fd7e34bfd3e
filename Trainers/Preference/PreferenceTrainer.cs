using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Preference;

/// <summary>What all trainers of preferences do.</summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
public abstract class PreferenceTrainer<TOptions> : IEstimator<PreferenceTransformer>
    where TOptions : PreferenceTrainerOptions
{
    private readonly ComponentHost _host;
    private readonly TOptions _options;

    private protected PreferenceTrainer(IHostEnvironment environment, TOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, name);
        _options = options;
    }

    /// <summary>Trains a copy of the model on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public PreferenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights; null to use <see cref="PreferenceTrainerOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public PreferenceTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new PreferenceTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PreferenceColumns columns = _options.Columns;
        foreach (string column in columns.Sequences)
        {
            inputSchema.Require(
                column, column == columns.Prompt ? "prompt" : "completion", "text, or a vector of Int32", "Text.TokenizeBytePairs",
                c => (c.ItemType == TextDataViewType.Instance && c.Kind == VectorKind.Scalar) || (c.ItemType == NumberDataViewType.Int32 && c.Kind != VectorKind.Scalar));
        }

        if (columns.Label is { } label)
            inputSchema.Require(label, "label", "Boolean", "ConvertType", c => c.ItemType == BooleanDataViewType.Instance && c.Kind == VectorKind.Scalar);
        return inputSchema.With([.. PreferenceScorer.Names(columns).Select(name => SchemaShapes.Column(name, VectorKind.Scalar, NumberDataViewType.Single))]);
    }
}
