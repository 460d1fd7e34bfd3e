using MLNetExt.Preference;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Preference;

/// <summary>How the contract's clauses reach into the trainers of preferences.</summary>
public abstract class PreferenceContract<TOptions, TPrediction> : TrainerContract<TOptions, PreferenceRow, TPrediction>
    where TOptions : PreferenceTrainerOptions, new()
    where TPrediction : class, IPrediction, new()
{
    /// <summary>What this subject changes.</summary>
    protected virtual void Configure(TOptions options)
    {
    }

    protected override TOptions Options()
    {
        TOptions options = ShortOptions();
        options.Seed = 5;
        Configure(options);
        return options;
    }

    protected override TOptions ShortOptions() => new() { Model = StartModel.Get(), BatchSize = 8, Epochs = 2, LearningRate = 0.01 };

    protected override PreferenceRow[] Rows() => PreferenceRow.Many(40);

    protected override int PredictionsForMemory => 1_000;

    protected override void SetBlockSize(TOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override TrainingOptions Training(TOptions options) => options.Training;

    protected override void SetSeed(TOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(TOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    // Rows of text cannot name an id outside the vocabulary, and those that teach nothing are left out and counted.
    protected override IEnumerable<BadRow<PreferenceRow>> BadRows => [];
}
