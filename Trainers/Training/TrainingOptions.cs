using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Training;

/// <summary>The options of <see cref="TrainingLoop"/>. Batches are their source's business.</summary>
public sealed class TrainingOptions
{
    /// <summary>How many times every row is seen; at least 1.</summary>
    [Range(5, 100, 20)]
    public int Epochs { get; set; } = 20;

    /// <summary>Ends training after this many optimiser steps even inside an epoch, and stretches the schedule to
    /// them; 0 for no limit.</summary>
    public long MaxSteps { get; set; }

    /// <summary>The optimiser.</summary>
    public OptimizerKind Optimizer { get; set; } = OptimizerKind.AdamW;

    /// <summary>The peak learning rate; above 0. <see cref="OptimizerKind.SgdNesterov"/> usually wants 10 to 100 times more.</summary>
    [Range(1e-4, 1e-1, 3e-3, true)]
    public double LearningRate { get; set; } = 3e-3;

    /// <summary>AdamW's decay of the gradient's running mean; in [0, 1).</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>AdamW's decay of the squared gradient's running mean; in [0, 1).</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>AdamW's addend to the denominator; above 0.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>The momentum of <see cref="OptimizerKind.SgdNesterov"/>; in (0, 1).</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>Weight decay, for the parameters whose group has it; at least 0.</summary>
    [Range(1e-4, 0.3, 1e-2, true)]
    public double WeightDecay { get; set; } = 1e-2;

    /// <summary>The part of all steps in which the rate rises linearly to its peak; in [0, 1]. Not used when <see cref="WarmupSteps"/> is set.</summary>
    [Range(0.0, 0.3, 0.05)]
    public double WarmupFraction { get; set; } = 0.05;

    /// <summary>The number of warm-up steps; 0 to use <see cref="WarmupFraction"/>.</summary>
    public long WarmupSteps { get; set; }

    /// <summary>Where the cosine ends, as a fraction of the peak; in [0, 1]. 1 keeps the rate constant after the warm-up.</summary>
    public double FinalLearningRateFraction { get; set; }

    /// <summary>Gradients with a larger global 2-norm are scaled down to it; 0 for no clipping.</summary>
    public double MaxGradientNorm { get; set; } = 1;

    /// <summary>Batches per optimiser step; at least 1. The last step of an epoch takes what is left.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;

    /// <summary>Epochs between two validations; at least 1. The last epoch is always validated.</summary>
    public int ValidationInterval { get; set; } = 1;

    /// <summary>Stops after this many validations in a row without a new best; 0 never stops early.</summary>
    public int EarlyStoppingPatience { get; set; }

    /// <summary>Whether training ends with the weights of the best validation rather than the last ones.</summary>
    public bool RestoreBestWeights { get; set; } = true;

    /// <summary>Where checkpoints are written; null for none. A folder serves one run.</summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>Optimiser steps between two checkpoints; 0 for one at the end of each epoch only.</summary>
    public int CheckpointInterval { get; set; }

    /// <summary>How many of the newest checkpoints are kept; at least 1. The one of the best validation is kept besides.</summary>
    public int CheckpointsToKeep { get; set; } = 3;

    /// <summary>Whether to go on from the newest usable checkpoint in <see cref="CheckpointFolder"/>; a folder
    /// without checkpoints starts a new run.</summary>
    public bool Resume { get; set; }

    /// <summary>Stops training before the next optimiser step.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Told about progress at every epoch's end, and at most ten times a second between.</summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>The same options with run-time members of the caller's own, for a trainer that must not change its user's options.</summary>
    public TrainingOptions ForRun(CancellationToken cancellationToken, IProgress<TrainingProgress>? progress)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.CancellationToken = cancellationToken;
        copy.Progress = progress;
        return copy;
    }

    /// <summary>How many optimiser steps there are in all.</summary>
    /// <param name="batchesPerEpoch">How many batches an epoch has.</param>
    internal long StepCount(int batchesPerEpoch)
    {
        long all = Epochs * (((long)batchesPerEpoch + GradientAccumulationSteps - 1) / GradientAccumulationSteps);
        return MaxSteps > 0 ? Math.Min(all, MaxSteps) : all;
    }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <exception cref="ArgumentException"><see cref="Resume"/> is set without <see cref="CheckpointFolder"/>.</exception>
    public void Validate()
    {
        Require(Epochs >= 1, Epochs, "at least 1");
        Require(MaxSteps >= 0, MaxSteps, "at least 0");
        Require(Enum.IsDefined(Optimizer), Optimizer, string.Join(" or ", Enum.GetNames<OptimizerKind>()));
        Require(LearningRate > 0 && double.IsFinite(LearningRate), LearningRate, "above 0");
        Require(Beta1 is >= 0 and < 1, Beta1, "in [0, 1)");
        Require(Beta2 is >= 0 and < 1, Beta2, "in [0, 1)");
        Require(Epsilon > 0 && double.IsFinite(Epsilon), Epsilon, "above 0");
        Require(Momentum is > 0 and < 1, Momentum, "in (0, 1)");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), WeightDecay, "at least 0");
        Require(WarmupFraction is >= 0 and <= 1, WarmupFraction, "in [0, 1]");
        Require(WarmupSteps >= 0, WarmupSteps, "at least 0");
        Require(FinalLearningRateFraction is >= 0 and <= 1, FinalLearningRateFraction, "in [0, 1]");
        Require(MaxGradientNorm >= 0 && double.IsFinite(MaxGradientNorm), MaxGradientNorm, "at least 0");
        Require(GradientAccumulationSteps >= 1, GradientAccumulationSteps, "at least 1");
        Require(ValidationInterval >= 1, ValidationInterval, "at least 1");
        Require(EarlyStoppingPatience >= 0, EarlyStoppingPatience, "at least 0");
        Require(CheckpointInterval >= 0, CheckpointInterval, "at least 0");
        Require(CheckpointsToKeep >= 1, CheckpointsToKeep, "at least 1");
        Require(CheckpointFolder != "", CheckpointFolder, "null or a folder");
        if (Resume && CheckpointFolder is null)
        {
            throw new ArgumentException($"{nameof(Resume)} needs {nameof(CheckpointFolder)}.", nameof(Resume));
        }
    }
}
