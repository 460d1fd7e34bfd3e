using Microsoft.ML;
using MLNetExt.Preference;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Preference;

/// <summary>How the contract's clauses reach into <see cref="RewardModelTrainer"/>; its subclasses differ in columns and networks.</summary>
public abstract class RewardContract : TrainerContract<RewardModelOptions, RewardRow, RewardPrediction>
{
    protected const string AnyInput = "a vector of Single of known length, images, tokens or text";

    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(RewardModelOptions options);

    protected override RewardModelOptions Options() => Rewards.Options(Configure);

    protected override IEstimator<ITransformer> Create(MLContext ml, RewardModelOptions options) => ml.Preference.Trainers.RewardModel(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml)
    {
        RewardModelOptions options = ShortOptions();
        return ml.Preference.Trainers.RewardModel(options.ChosenColumnName, options.RejectedColumnName, options.InputColumnName, epochs: 2, batchSize: 16, learningRate: 0.05);
    }

    protected override RewardModelOptions ShortOptions()
    {
        RewardModelOptions columns = Options();
        var options = new RewardModelOptions
        {
            BatchSize = 16,
            ChosenColumnName = columns.ChosenColumnName,
            RejectedColumnName = columns.RejectedColumnName,
            InputColumnName = columns.InputColumnName,
        };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.05);
        return options;
    }

    protected override RewardRow[] Rows() => RewardRow.Many(80);

    protected override int PredictionsForMemory => 5_000;

    protected override void SetBlockSize(RewardModelOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override TrainingOptions Training(RewardModelOptions options) => options.Training;

    protected override void SetSeed(RewardModelOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(RewardModelOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Chosen"] = AnyInput, ["Rejected"] = AnyInput };

    protected override IEnumerable<BadRow<RewardRow>> BadRows =>
    [
        new("NaN on the chosen side", "Chosen", r => r.Chosen[1] = float.NaN),
        new("infinity on the rejected side", "Rejected", r => r.Rejected[0] = float.PositiveInfinity),
        new("the same on both sides", "Chosen", r => r.Rejected = [.. r.Chosen]),
    ];
}
