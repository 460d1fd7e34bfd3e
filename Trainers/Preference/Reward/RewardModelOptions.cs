using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Contrastive;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.Preference;

/// <summary>The options of <see cref="RewardModelTrainer"/>. Fit reads them and never changes them.</summary>
public sealed class RewardModelOptions : ITrainerOptions
{
    /// <summary>What is preferred: a vector of Single of known length, tokens, text, or images of known size.</summary>
    public string ChosenColumnName { get; set; } = "Chosen";

    /// <summary>What it is preferred to: as <see cref="ChosenColumnName"/>, and made in the same way, because one network scores both.</summary>
    public string RejectedColumnName { get; set; } = "Rejected";

    /// <summary>What the transformer scores where the data have it: as <see cref="ChosenColumnName"/>. Training does not read it.</summary>
    public string InputColumnName { get; set; } = "Features";

    /// <summary>By how much the chosen reward is to be larger, a number of at least 0 for each pair; null for 0.</summary>
    public string? MarginColumnName { get; set; }

    /// <summary>The network. <see cref="TowerKind.Auto"/> is linear for vectors; hidden layers come with <see cref="TowerKind.Mlp"/>.</summary>
    [NestOption]
    public TowerOptions Tower { get; set; } = new();

    /// <summary>Pairs per training batch; at least 1.</summary>
    [Range(16, 512, 64, true)]
    public int BatchSize { get; set; } = 64;

    /// <summary>What to do with pairs that have nothing on one side, or the same on both.</summary>
    public UnusableRowPolicy UnusableRows { get; set; } = UnusableRowPolicy.Skip;

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the columns of the training data; null to use <see cref="ValidationFraction"/>.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Rows per forward pass when scoring; 1 to 1,048,576.</summary>
    public int ScoringBlockSize { get; set; } = 256;

    /// <summary>How many bytes of rows may be held in memory; larger data are read anew each epoch.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the initial weights, the order of rows, dropout and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation.</summary>
    [NestOption]
    public TrainingOptions Training { get; set; } = new();

    /// <summary>What is scored.</summary>
    /// <exception cref="ArgumentException">Two of the columns are the same.</exception>
    internal RewardColumns Columns => new(InputColumnName, ChosenColumnName, RejectedColumnName);

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        OptionsCheck.RequireName(ChosenColumnName);
        OptionsCheck.RequireName(RejectedColumnName);
        OptionsCheck.RequireName(InputColumnName);
        _ = Columns;
        OptionsCheck.Require(MarginColumnName is null || !string.IsNullOrWhiteSpace(MarginColumnName), MarginColumnName, "null or the name of a column");
        OptionsCheck.Require(Tower is not null, Tower, "set");
        Tower!.Validate(nameof(Tower));
        if (Tower.Kind == TowerKind.Identity)
            throw new ArgumentException($"Tower.Kind is {TowerKind.Identity}, which has nothing to train: use {TowerKind.Linear} or {TowerKind.Mlp}.");
        if (Tower.Pretrained is not null)
            throw new ArgumentException("Tower.Pretrained gives embeddings, not a reward: add them to the data (Tower.Pretrained.Reading), and give the trainer their columns.");
        OptionsCheck.Require(BatchSize >= 1, BatchSize, "at least 1");
        OptionsCheck.Require(Enum.IsDefined(UnusableRows), UnusableRows, "one of the policies");
        OptionsCheck.Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "in [0, 1)");
        OptionsCheck.Require(ScoringBlockSize is >= 1 and <= SigmoidContrastiveOptions.MaxScoringBlockSize, ScoringBlockSize, $"in 1 to {SigmoidContrastiveOptions.MaxScoringBlockSize}");
        OptionsCheck.Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        OptionsCheck.Require(Training is not null, Training, "set");
        Training!.Validate();
    }
}
