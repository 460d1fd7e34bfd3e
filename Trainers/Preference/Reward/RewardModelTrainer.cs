using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Preference;

/// <summary>Learns from pairs, of which one side is preferred to the other, a score that is higher for what is preferred: a Bradley-Terry reward model.</summary>
/// <remarks>
/// <para>Input: two columns of one type, each a vector of Single of known length (dense or sparse), tokens (<c>Transforms.Text.TokenizeBytePairs</c>), text, or
/// images of known size. One network scores both, so that both must be made in the same way: by one featurizer, one tokenizer.</para>
/// <para>Output: <c>Score</c> where the data have <see cref="RewardModelOptions.InputColumnName"/>; <c>ChosenScore</c> and <c>RejectedScore</c> where they have the pair.</para>
/// <para>See docs/reward-model.md for the formula and what we measured.</para>
/// </remarks>
public sealed class RewardModelTrainer : IEstimator<RewardModelTransformer>
{
    private readonly ComponentHost _host;
    private readonly RewardModelOptions _options;

    internal RewardModelTrainer(IHostEnvironment environment, RewardModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(RewardModelTrainer));
        _options = options;
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public RewardModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The pairs to learn from.</param>
    /// <param name="validationData">The pairs that choose the best weights; null to use <see cref="RewardModelOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public RewardModelTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new RewardTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column chosen = TowerChoice.Require(inputSchema, _options.ChosenColumnName, "Chosen");
        RequireAlike(chosen, TowerChoice.Require(inputSchema, _options.RejectedColumnName, "Rejected"));
        if (inputSchema.Find(_options.InputColumnName) is not null)
            RequireAlike(chosen, TowerChoice.Require(inputSchema, _options.InputColumnName, "Input"));
        if (_options.MarginColumnName is { } margin)
            inputSchema.Require(
                margin, "Margin", "a number", "Conversion.ConvertType", c => !c.IsKey && c.Kind == VectorKind.Scalar && c.ItemType is NumberDataViewType);
        return inputSchema.With(_options.Columns.In(name => inputSchema.Find(name) is not null)
            .Select(s => SchemaShapes.Column(s.Score, VectorKind.Scalar, NumberDataViewType.Single)));
    }

    private void RequireAlike(SchemaShape.Column chosen, SchemaShape.Column other)
    {
        if (other.IsKey || TowerChoice.Input(other.ItemType) != TowerChoice.Input(chosen.ItemType))
            throw new ArgumentOutOfRangeException(
                nameof(other),
                $"Column '{other.Name}' is {other.Describe()}, but '{chosen.Name}' is {chosen.Describe()}: one network scores the chosen side, the rejected side and, where it is there, InputColumnName ('{_options.InputColumnName}'), so that they must be of one type.");
    }
}
