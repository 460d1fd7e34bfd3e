using MLNetExt.Training;

namespace MLNetExt.Fitting;

/// <summary>What the options of all trainers have, as far as <see cref="TrainerFit{TRows}"/> reads them.</summary>
internal interface ITrainerOptions
{
    int BatchSize { get; }

    long MemoryBudgetBytes { get; }

    int? Seed { get; }

    TrainingOptions Training { get; }
}
