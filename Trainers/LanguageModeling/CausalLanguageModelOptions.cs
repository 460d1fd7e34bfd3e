using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.LanguageModeling;

/// <summary>The options of <see cref="CausalLanguageModelTrainer"/>. Fit reads them and never changes them.</summary>
public sealed class CausalLanguageModelOptions : ITrainerOptions
{
    internal const int MaxScoringBlockSize = 1 << 16;

    /// <summary>The tokens of a row: a vector of Int32, as TokenizeBytePairs and ChunkTokens make it.</summary>
    public string TokensColumnName { get; set; } = "Tokens";

    /// <summary>The loss mask, as GoldfishMask makes it: a vector of Single as long as the tokens, 0 for a token that is not learned as a target. Null to learn all.</summary>
    public string? LossMaskColumnName { get; set; }

    /// <summary>The network; not read when there is a <see cref="Pretrained"/> model.</summary>
    [NestOption]
    public CausalNetworkOptions Network { get; set; } = new();

    /// <summary>A model to go on from: one that was trained before, or <c>ml.LanguageModeling.LoadHuggingFace</c>. Fit does not change it.</summary>
    [JsonIgnore]
    public CausalLanguageModelTransformer? Pretrained { get; set; }

    /// <summary>The share of each sublayer's outputs that is dropped when training goes on from <see cref="Pretrained"/>; in [0, 1), or null for that model's own.
    /// A new network has <see cref="CausalNetworkOptions.Dropout"/>.</summary>
    public double? Dropout { get; set; }

    /// <summary>Low-rank adapters of the <see cref="Pretrained"/> model, which alone are then trained; null to train all weights. Adapters that
    /// the model has already become part of its weights first.</summary>
    public LowRankOptions? Adapters { get; set; }

    /// <summary>Drops one of so many targets at random, others each time a row is seen; 0 for none. It does not protect from memorisation, however
    /// it looks: every token is learned sooner or later. For the control arm of a study.</summary>
    public int RandomTokenMask { get; set; }

    /// <summary>Rows per training batch; at least 1.</summary>
    [Range(4, 128, 16, true)]
    public int BatchSize { get; set; } = 16;

    /// <summary>Whether rows of like length are put together, so that batches have little padding: for rows of varying length.</summary>
    public bool BucketByLength { get; set; }

    /// <summary>Whether training keeps only each block's input and computes its activations once more in the backward pass: less memory, about a
    /// third more time, the same result.</summary>
    public bool RecomputeActivations { get; set; }

    /// <summary>Whether the loss of the tokens that a mask drops is measured and reported too, for a matrix product more.</summary>
    public bool MeasureDroppedTokens { get; set; } = true;

    /// <summary>What multiplies the learning rate of the token and position embeddings, and of a tied head; at least 0.</summary>
    public double EmbeddingLearningRateFactor { get; set; } = 1;

    /// <summary>What multiplies the learning rate from each block to the one before it, counted from the head; in (0, 1]. Below 1 the first
    /// blocks of a pre-trained model change least (arXiv 1801.06146).</summary>
    public double LayerLearningRateDecay { get; set; } = 1;

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the token column; null to use <see cref="ValidationFraction"/>. Its loss mask, if any, is not applied.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Rows per forward pass when scoring and generating; 1 to 65,536.</summary>
    public int ScoringBlockSize { get; set; } = 16;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, dropout, random masks and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation. The second moment's decay is that of the goldfish paper's code, 0.95.</summary>
    [NestOption]
    public TrainingOptions Training { get; set; } = new() { Beta2 = 0.95 };

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        OptionsCheck.RequireName(TokensColumnName);
        if (LossMaskColumnName is not null)
            OptionsCheck.RequireName(LossMaskColumnName);
        OptionsCheck.Require(Network is not null, Network, "set");
        if (Pretrained is null)
            Network!.Validate();
        OptionsCheck.Require(Dropout is null or (>= 0 and < 1), Dropout, "null or in [0, 1)");
        if (Dropout is not null && Pretrained is null)
            throw new ArgumentException($"{nameof(Dropout)} is for a model to go on from, and {nameof(Pretrained)} is null: a new network has that of {nameof(Network)}.");
        Adapters?.Validate();
        if (Adapters is not null && Pretrained is null)
            throw new ArgumentException($"{nameof(Adapters)} needs {nameof(Pretrained)}: a model that was never trained has no weights worth keeping.");
        OptionsCheck.Require(RandomTokenMask is 0 or >= 2, RandomTokenMask, "0 for none, or at least 2");
        OptionsCheck.Require(BatchSize >= 1, BatchSize, "at least 1");
        OptionsCheck.Require(EmbeddingLearningRateFactor >= 0 && double.IsFinite(EmbeddingLearningRateFactor), EmbeddingLearningRateFactor, "at least 0");
        OptionsCheck.Require(LayerLearningRateDecay is > 0 and <= 1, LayerLearningRateDecay, "in (0, 1]");
        OptionsCheck.Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "in [0, 1)");
        OptionsCheck.Require(ScoringBlockSize is >= 1 and <= MaxScoringBlockSize, ScoringBlockSize, $"in 1 to {MaxScoringBlockSize}");
        OptionsCheck.Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        OptionsCheck.Require(Training is not null, Training, "set");
        Training!.Validate();
    }
}
