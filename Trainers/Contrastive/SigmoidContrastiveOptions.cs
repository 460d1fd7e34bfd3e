using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.Objectives;
using MLNetExt.Training;

namespace MLNetExt.Contrastive;

/// <summary>The options of <see cref="SigmoidContrastiveTrainer"/>. Fit reads them and never changes them.</summary>
public sealed class SigmoidContrastiveOptions : ITrainerOptions
{
    internal const int MaxScoringBlockSize = 1 << 20;

    /// <summary>The left side: a vector of Single, an image of known size, tokens, or text.</summary>
    public string LeftColumnName { get; set; } = "Left";

    /// <summary>The right side: a vector of Single, an image of known size, tokens, or text.</summary>
    public string RightColumnName { get; set; } = "Right";

    /// <summary>The key by which <see cref="PairMatching.Group"/> knows rows that match each other; otherwise not read.</summary>
    public string? GroupColumnName { get; set; }

    /// <summary>The length of the embeddings; at least 1.</summary>
    [Range(16, 512, 128, true)]
    public int EmbeddingSize { get; set; } = 128;

    /// <summary>The left tower.</summary>
    [NestOption]
    public TowerOptions Left { get; set; } = new();

    /// <summary>The right tower.</summary>
    [NestOption]
    public TowerOptions Right { get; set; } = new();

    /// <summary>The loss to minimise.</summary>
    [Choice(ContrastiveLoss.Sigmoid, ContrastiveLoss.Softmax)]
    public ContrastiveLoss Loss { get; set; } = ContrastiveLoss.Sigmoid;

    /// <summary>Which pairs of a batch match beside a row's own.</summary>
    public PairMatching Matching { get; set; } = PairMatching.EqualRight;

    /// <summary>The temperature t at the start, above 0; its logarithm is learned.</summary>
    public double InitialTemperature { get; set; } = 10;

    /// <summary>The bias b of the sigmoid loss at the start. Its start decides much of the outcome: do not set it to 0 to be neutral.</summary>
    [Range(-20.0, 0.0, -10.0)]
    public double InitialBias { get; set; } = -10;

    /// <summary>Whether the bias is learned; otherwise it keeps <see cref="InitialBias"/>.</summary>
    public bool LearnBias { get; set; } = true;

    /// <summary>Which pairs that do not match count in the sigmoid loss: for studies. The softmax loss takes them all.</summary>
    public NegativeKind Negatives { get; set; } = NegativeKind.All;

    /// <summary>How many pairs that do not match count for each that does, unless <see cref="Negatives"/> is All; above 0.</summary>
    public double NegativesPerPositive { get; set; } = 2;

    /// <summary>Rows per training batch, each of which is contrasted with all others of its batch; at least 2.</summary>
    [Range(64, 4096, 256, true)]
    public int BatchSize { get; set; } = 256;

    /// <summary>Rows that go through the towers at once; 0 for the whole batch. Smaller values bound memory by the embeddings instead of
    /// the activations, at the price of a second forward pass, and change nothing in the result (gradient caching, arXiv 2101.06983).</summary>
    public int MicroBatchSize { get; set; }

    /// <summary>What to do with rows that have nothing on one side.</summary>
    public UnusableRowPolicy UnusableRows { get; set; } = UnusableRowPolicy.Fail;

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the columns of the training data; null to use <see cref="ValidationFraction"/>.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Rows per forward pass when scoring; 1 to 1,048,576.</summary>
    public int ScoringBlockSize { get; set; } = 256;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, dropout, drawn negatives and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation. The second moment's decay is the paper's 0.95.</summary>
    [NestOption]
    public TrainingOptions Training { get; set; } = new() { Beta2 = 0.95 };

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        OptionsCheck.RequireName(LeftColumnName);
        OptionsCheck.RequireName(RightColumnName);
        if (LeftColumnName == RightColumnName)
            throw new ArgumentException($"LeftColumnName and RightColumnName are both '{LeftColumnName}': copy the column (Transforms.CopyColumns) to pair it with itself.");
        if (Matching == PairMatching.Group)
            OptionsCheck.RequireName(GroupColumnName);
        OptionsCheck.Require(EmbeddingSize >= 1, EmbeddingSize, "at least 1");
        OptionsCheck.Require(Left is not null, Left, "set");
        OptionsCheck.Require(Right is not null, Right, "set");
        Left!.Validate(nameof(Left));
        Right!.Validate(nameof(Right));
        if (Left.IsLocked && Right.IsLocked)
            throw new ArgumentException("Left.IsLocked and Right.IsLocked are both set: one side must be trained.");
        OptionsCheck.Require(Enum.IsDefined(Loss), Loss, "one of the losses");
        OptionsCheck.Require(Enum.IsDefined(Matching), Matching, "one of the ways to match");
        OptionsCheck.Require(OptionsCheck.IsPositive(InitialTemperature), InitialTemperature, "above 0");
        OptionsCheck.Require(double.IsFinite(InitialBias), InitialBias, "finite");
        OptionsCheck.Require(Enum.IsDefined(Negatives), Negatives, "one of the kinds of negatives");
        OptionsCheck.Require(OptionsCheck.IsPositive(NegativesPerPositive), NegativesPerPositive, "above 0");
        OptionsCheck.Require(BatchSize >= 2, BatchSize, "at least 2, because rows are contrasted with the others of their batch");
        OptionsCheck.Require(MicroBatchSize >= 0, MicroBatchSize, "at least 0");
        OptionsCheck.Require(Enum.IsDefined(UnusableRows), UnusableRows, "one of the policies");
        OptionsCheck.Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "in [0, 1)");
        OptionsCheck.Require(ScoringBlockSize is >= 1 and <= MaxScoringBlockSize, ScoringBlockSize, $"in 1 to {MaxScoringBlockSize}");
        OptionsCheck.Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        OptionsCheck.Require(Training is not null, Training, "set");
        Training!.Validate();
    }
}
