using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.Networks;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>The options of <see cref="SquentropyClassifier"/>. Fit reads them and never changes them.</summary>
public sealed class SquentropyOptions : ITrainerOptions, IClassifierOptions
{
    internal const int MaxScoringBlockSize = 1 << 20;

    /// <summary>The label: a key column.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The features: a vector of Single of known length, dense or sparse.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>What each row counts: a number of at least 0; null when all count 1.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The loss to minimise.</summary>
    [Choice(ClassificationLoss.Squentropy, ClassificationLoss.CrossEntropy)]
    public ClassificationLoss Loss { get; set; } = ClassificationLoss.Squentropy;

    /// <summary>The weight w of the squentropy's square term; at least 0, the paper has 1, and 0 is cross-entropy. With two
    /// or three classes 0.1 is used when it is larger, unless <see cref="FewClasses"/> says otherwise.</summary>
    [Range(0.05, 1.0, 1.0)]
    public double SquareWeight { get; set; } = 1;

    /// <summary>What to do about the square term when there are two or three classes.</summary>
    public FewClassesPolicy FewClasses { get; set; } = FewClassesPolicy.ReduceSquareWeight;

    /// <summary>The label smoothing of <see cref="ClassificationLoss.CrossEntropy"/>; in [0, 1).</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The weight k of the true class in <see cref="ClassificationLoss.RescaledSquare"/>; above 0.</summary>
    public double TrueClassWeight { get; set; } = 1;

    /// <summary>The target M of the true class's logit in <see cref="ClassificationLoss.RescaledSquare"/>; above 0.</summary>
    public double TrueClassTarget { get; set; } = 1;

    /// <summary>The number of hidden layers; 0 for a linear network. Ignored when <see cref="HiddenSizes"/> is set.</summary>
    [Range(0, 4, 3)]
    public int HiddenLayers { get; set; } = 3;

    /// <summary>The width of each hidden layer; at least 1. Ignored when <see cref="HiddenSizes"/> is set.</summary>
    [Range(32, 512, 256, true)]
    public int HiddenUnits { get; set; } = 256;

    /// <summary>The widths of the hidden layers, for layers of different width; null to use <see cref="HiddenLayers"/> and <see cref="HiddenUnits"/>.</summary>
    public int[]? HiddenSizes { get; set; }

    /// <summary>The non-linearity after each hidden layer.</summary>
    [Choice(Activation.Gelu, Activation.Relu, Activation.Silu)]
    public Activation Activation { get; set; } = Activation.Gelu;

    /// <summary>Whether hidden layers are batch-normalised.</summary>
    [BooleanChoice(false)]
    public bool BatchNormalization { get; set; }

    /// <summary>The share of hidden units that is dropped in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.0)]
    public double Dropout { get; set; }

    /// <summary>A network of your own in place of the perceptron: an object of a class that carries
    /// <see cref="MLNetExt.Components.LoadableComponentAttribute"/>; null for the perceptron.</summary>
    [JsonIgnore]
    public INetworkFactory? Network { get; set; }

    /// <summary>Whether features are brought to one scale, which is stored in the model: dense features to mean 0 and
    /// deviation 1, sparse ones to largest magnitude 1 without centring. A feature that never varies in training is centred and
    /// not scaled.</summary>
    public bool Standardize { get; set; } = true;

    /// <summary>What rows of a class count, by label as text; classes not listed count 1. Null when all count 1.</summary>
    public Dictionary<string, double>? ClassWeights { get; set; }

    /// <summary>Whether classes also count in inverse proportion to their number of rows.</summary>
    public bool BalanceClasses { get; set; }

    /// <summary>What to do with rows whose label is missing.</summary>
    public MissingLabelPolicy MissingLabels { get; set; } = MissingLabelPolicy.Skip;

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when
    /// <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the columns of the training data; null to use <see cref="ValidationFraction"/>.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Whether the probabilities are calibrated by one temperature, fitted on the validation part
    /// (arXiv 1706.04599). Without validation data a tenth of the rows is set aside.</summary>
    public bool TemperatureScaling { get; set; }

    /// <summary>Rows per training batch; at least 1.</summary>
    [Range(32, 512, 128, true)]
    public int BatchSize { get; set; } = 128;

    /// <summary>Rows per forward pass when scoring; 1 to 1,048,576.</summary>
    public int ScoringBlockSize { get; set; } = 256;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, dropout and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation.</summary>
    [NestOption]
    public TrainingOptions Training { get; set; } = new();

    internal IReadOnlyList<int> LayerSizes => HiddenSizes ?? [.. Enumerable.Repeat(HiddenUnits, HiddenLayers)];
}
