using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.LanguageModeling;
using MLNetExt.Training;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Classification;

/// <summary>The options of <see cref="TextEncoderClassifier"/>. Fit reads them and never changes them.</summary>
public sealed class TextEncoderClassifierOptions : ITrainerOptions, IClassifierOptions, IEncoderOptions
{
    /// <summary>The label: a key column, for one class a row; or, multi-label, a vector of Single or Boolean of known length with a slot for each tag, of which a row has any number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Other labels to learn with it, each of either type: one head for each, over one encoder. A row that lacks some of its labels teaches the others. Null for none.</summary>
    public string[]? AdditionalLabelColumnNames { get; set; }

    /// <summary>The tokens of a row: a vector of Int32, as TokenizeWordPieces makes it.</summary>
    public string TokensColumnName { get; set; } = "Tokens";

    /// <inheritdoc cref="MaskedLanguageModelOptions.TokenTypesColumnName"/>
    public string? TokenTypesColumnName { get; set; }

    /// <inheritdoc cref="SquentropyOptions.ExampleWeightColumnName"/>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The encoder to go on from: of <c>ml.LanguageModeling.Trainers.Masked</c>, or read from a Hugging Face directory. Fit does not change it. Null for a new one.</summary>
    [JsonIgnore]
    public MaskedLanguageModelTransformer? Pretrained { get; set; }

    /// <summary>The encoder that is trained from scratch when there is no <see cref="Pretrained"/> one.</summary>
    [NestOption]
    public EncoderNetworkOptions Network { get; set; } = new();

    /// <summary>Whether the encoder stays as it is, so that only the head learns, from what <see cref="Pretrained"/> says of a text. Then <see cref="Dropout"/>,
    /// <see cref="EncoderLearningRateFactor"/> and <see cref="LayerLearningRateDecay"/> change nothing.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>How the tokens' vectors become the one that is classified, a row's <c>Embedding</c>; null for that of <see cref="Pretrained"/>, and for the mean without one.</summary>
    public EncoderPooling? Pooling { get; set; }

    /// <inheritdoc cref="MaskedLanguageModelOptions.Dropout"/>
    public double? Dropout { get; set; }

    /// <summary>The share of the embedding that is dropped before the head in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.1)]
    public double HeadDropout { get; set; } = 0.1;

    /// <summary>The loss of classes. Tags are learned by the cross-entropy of their sigmoid.</summary>
    [Choice(ClassificationLoss.Squentropy, ClassificationLoss.CrossEntropy)]
    public ClassificationLoss Loss { get; set; } = ClassificationLoss.Squentropy;

    /// <inheritdoc cref="SquentropyOptions.SquareWeight"/>
    [Range(0.05, 1.0, 1.0)]
    public double SquareWeight { get; set; } = 1;

    /// <inheritdoc cref="SquentropyOptions.FewClasses"/>
    public FewClassesPolicy FewClasses { get; set; } = FewClassesPolicy.ReduceSquareWeight;

    /// <summary>The label smoothing of <see cref="ClassificationLoss.CrossEntropy"/>, and of tags; in [0, 1).</summary>
    public double LabelSmoothing { get; set; }

    /// <inheritdoc cref="SquentropyOptions.TrueClassWeight"/>
    public double TrueClassWeight { get; set; } = 1;

    /// <inheritdoc cref="SquentropyOptions.TrueClassTarget"/>
    public double TrueClassTarget { get; set; } = 1;

    /// <summary>What rows of a class count, by <see cref="LabelColumnName"/>'s values as text; classes not listed count 1. Null when all count 1.</summary>
    public Dictionary<string, double>? ClassWeights { get; set; }

    /// <inheritdoc cref="SquentropyOptions.BalanceClasses"/>
    public bool BalanceClasses { get; set; }

    /// <inheritdoc cref="SquentropyOptions.MissingLabels"/>
    public MissingLabelPolicy MissingLabels { get; set; } = MissingLabelPolicy.Skip;

    /// <summary>Rows per training batch; at least 1.</summary>
    [Range(8, 256, 32, true)]
    public int BatchSize { get; set; } = 32;

    /// <inheritdoc cref="MaskedLanguageModelOptions.BucketByLength"/>
    public bool BucketByLength { get; set; } = true;

    /// <summary>How many times every row is seen: <see cref="TrainingOptions.Epochs"/>.</summary>
    [Range(2, 50, 10, true)]
    public int Epochs
    {
        get => Training.Epochs;
        set => Training.Epochs = value;
    }

    /// <summary>The head's peak learning rate, and the encoder's unless a factor says otherwise: <see cref="TrainingOptions.LearningRate"/>. A published
    /// model of a hundred million weights wants 2e-5 to 5e-5, a small one some ten times more.</summary>
    [Range(1e-5, 1e-2, 5e-4, true)]
    public double LearningRate
    {
        get => Training.LearningRate;
        set => Training.LearningRate = value;
    }

    /// <summary>What multiplies the learning rate of the encoder; above 0.</summary>
    public double EncoderLearningRateFactor { get; set; } = 1;

    /// <inheritdoc cref="CausalLanguageModelOptions.LayerLearningRateDecay"/>
    public double LayerLearningRateDecay { get; set; } = 1;

    /// <inheritdoc cref="CausalLanguageModelOptions.RecomputeActivations"/>
    public bool RecomputeActivations { get; set; }

    /// <inheritdoc cref="SquentropyOptions.ValidationFraction"/>
    public double ValidationFraction { get; set; }

    /// <inheritdoc cref="SquentropyOptions.ValidationData"/>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <inheritdoc cref="SquentropyOptions.TemperatureScaling"/>
    public bool TemperatureScaling { get; set; }

    /// <inheritdoc cref="MaskedLanguageModelOptions.ScoringBlockSize"/>
    public int ScoringBlockSize { get; set; } = 64;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, dropout and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation.</summary>
    public TrainingOptions Training { get; set; } = new() { Epochs = 10, LearningRate = 5e-4, WarmupFraction = 0.1 };

    /// <summary>All labels, the main one first.</summary>
    IReadOnlyList<string> IClassifierOptions.LabelColumnNames => [LabelColumnName, .. AdditionalLabelColumnNames ?? []];

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        this.RequireClassifier();
        this.RequireEncoder();
        Require(AdditionalLabelColumnNames?.All(name => !string.IsNullOrWhiteSpace(name)) != false, AdditionalLabelColumnNames, "null or names of columns");
        ClassifierOptionsCheck.RequireApart(
            $"{nameof(LabelColumnName)}, {nameof(AdditionalLabelColumnNames)}, {nameof(TokensColumnName)}, {nameof(TokenTypesColumnName)} and {nameof(ExampleWeightColumnName)}",
            [.. ((IClassifierOptions)this).LabelColumnNames, TokensColumnName, TokenTypesColumnName, ExampleWeightColumnName]);
        if (IsFrozen && Pretrained is null)
            throw new ArgumentException($"{nameof(IsFrozen)} needs {nameof(Pretrained)}: an encoder that was never trained says nothing of a text.");
        Require(HeadDropout is >= 0 and < 1, HeadDropout, "in [0, 1)");
        Require(BatchSize >= 1, BatchSize, "at least 1");
        Require(IsPositive(EncoderLearningRateFactor), EncoderLearningRateFactor, "above 0");
        Require(LayerLearningRateDecay is > 0 and <= 1, LayerLearningRateDecay, "in (0, 1]");
        Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        Require(Training is not null, Training, "set");
        Training!.Validate();
    }
}
