using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Contrastive;

/// <summary>Trains two towers so that the two sides of a row get like embeddings and others unlike ones, with the sigmoid loss
/// (SigLIP: Zhai, Mustafa, Kolesnikov and Beyer, arXiv 2303.15343).</summary>
/// <remarks>
/// <para>Input: two columns, each a vector of Single of known length (dense or sparse), images of known size, tokens
/// (<c>Transforms.Text.TokenizeBytePairs</c>) or text. Output: <c>LeftEmbedding</c> and <c>RightEmbedding</c>, vectors of Single of length 1.</para>
/// <para>It needs no caching around it. Batches larger than memory holds activations for: <see cref="SigmoidContrastiveOptions.MicroBatchSize"/>.</para>
/// <para>See docs/contrastive.md for the formula, the paper's numbers and ours.</para>
/// </remarks>
public sealed class SigmoidContrastiveTrainer : IEstimator<ContrastiveTransformer>
{
    private readonly ComponentHost _host;
    private readonly SigmoidContrastiveOptions _options;

    internal SigmoidContrastiveTrainer(IHostEnvironment environment, SigmoidContrastiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(SigmoidContrastiveTrainer));
        _options = options;
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or there is nothing to learn.</exception>
    /// <exception cref="InvalidDataException">A row cannot be used; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public ContrastiveTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, _options.ValidationData);
    }

    /// <summary>Trains on <paramref name="trainData"/>, and validates on <paramref name="validationData"/> after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">The rows that choose the best weights; null to use <see cref="SigmoidContrastiveOptions.ValidationFraction"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public ContrastiveTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        using var training = new ContrastiveTraining(_host, _options, trainData, validationData);
        return training.Run();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TowerChoice.Require(inputSchema, _options.LeftColumnName, "Left");
        TowerChoice.Require(inputSchema, _options.RightColumnName, "Right");
        if (_options.Matching == PairMatching.Group)
            inputSchema.Require(_options.GroupColumnName!, "Group", "a key", "Conversion.MapValueToKey", c => c.IsKey && c.Kind == VectorKind.Scalar);
        return inputSchema.With(Embedding("Left"), Embedding("Right"));
    }

    private static SchemaShape.Column Embedding(string side) =>
        SchemaShapes.Column(TrainingSide.OutputColumn(side), VectorKind.Vector, NumberDataViewType.Single);
}
