using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.Training;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>The options of <see cref="MaskedLanguageModelTrainer"/>. Fit reads them and never changes them.</summary>
public sealed class MaskedLanguageModelOptions : ITrainerOptions, IEncoderOptions
{
    /// <summary>The tokens of a row: a vector of Int32, as TokenizeWordPieces makes it. Their tokenizer must have a mask.</summary>
    public string TokensColumnName { get; set; } = "Tokens";

    /// <summary>The kinds of the tokens, 0 or 1, such as those of the first and of the second sentence: a vector of Int32 as long as the tokens. Null when all are 0.</summary>
    public string? TokenTypesColumnName { get; set; }

    /// <summary>The network; not read when there is a <see cref="Pretrained"/> model.</summary>
    [NestOption]
    public EncoderNetworkOptions Network { get; set; } = new();

    /// <summary>A model to go on from: one that was trained before, or <c>ml.LanguageModeling.LoadHuggingFaceEncoder</c>. Fit does not change it.
    /// What it learned of the importance of tokens is gone on from too, and kept when nothing is learned of that now. Its pooler, if it has one, stays as it is.</summary>
    [JsonIgnore]
    public MaskedLanguageModelTransformer? Pretrained { get; set; }

    /// <summary>The share of the embeddings and of each sublayer's outputs that is dropped when training goes on from <see cref="Pretrained"/>; in [0, 1), or null for that model's own.
    /// A new network has <see cref="EncoderNetworkOptions.Dropout"/>.</summary>
    public double? Dropout { get; set; }

    /// <summary>Which tokens are predicted.</summary>
    [NestOption]
    public MaskingOptions Masking { get; set; } = new();

    /// <summary>Which tokens the middle layers read in training.</summary>
    [NestOption]
    public EncoderDroppingOptions Dropping { get; set; } = new();

    /// <summary>How the tokens' vectors become a row's <c>Embedding</c>; null for that of <see cref="Pretrained"/>, and for the mean without one.</summary>
    public EncoderPooling? Pooling { get; set; }

    /// <summary>Rows per training batch; at least 1.</summary>
    [Range(8, 256, 32, true)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Whether rows of like length are put together, so that batches have little padding: for rows of varying length.</summary>
    public bool BucketByLength { get; set; } = true;

    /// <summary>How many times every row is seen: <see cref="TrainingOptions.Epochs"/>.</summary>
    [Range(1, 100, 20, true)]
    public int Epochs
    {
        get => Training.Epochs;
        set => Training.Epochs = value;
    }

    /// <summary>The peak learning rate: <see cref="TrainingOptions.LearningRate"/>.</summary>
    [Range(1e-4, 1e-2, 1e-3, true)]
    public double LearningRate
    {
        get => Training.LearningRate;
        set => Training.LearningRate = value;
    }

    /// <inheritdoc cref="CausalLanguageModelOptions.RecomputeActivations"/>
    public bool RecomputeActivations { get; set; }

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the token column; null to use <see cref="ValidationFraction"/>. Its tokens are masked alike in each epoch, and none is dropped.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Rows that are read together when scoring, of which those of like length are computed together; 1 to 65,536.</summary>
    public int ScoringBlockSize { get; set; } = 64;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, masks, dropout, random dropping and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation.</summary>
    public TrainingOptions Training { get; set; } = new() { LearningRate = 1e-3, WarmupFraction = 0.1 };

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        this.RequireEncoder();
        Require(Masking is not null, Masking, "set");
        Masking!.Validate();
        Require(Dropping is not null, Dropping, "set");
        Dropping!.Validate();
        int layers = Pretrained?.Layers ?? Network!.Layers;
        if (Dropping.Kind != TokenDroppingKind.None && layers < 2)
            throw new ArgumentException($"The network has {layers} layer, and tokens can be dropped between two or more: raise Layers, or set Dropping.Kind to None.");
        Require(BatchSize >= 1, BatchSize, "at least 1");
        Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "in [0, 1)");
        Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        Require(Training is not null, Training, "set");
        Training!.Validate();
    }
}
