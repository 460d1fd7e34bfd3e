using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Classification;

/// <summary>How the contract's clauses reach into <see cref="SquentropyClassifier"/>; its subclasses differ in options and data.</summary>
public abstract class SquentropyContract : MulticlassContract<SquentropyOptions>
{
    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(SquentropyOptions options);

    protected override SquentropyOptions Options()
    {
        var options = new SquentropyOptions { BatchSize = 16, Seed = 5, HiddenLayers = 1, HiddenUnits = 16 };
        (options.Training.Epochs, options.Training.LearningRate) = (3, 0.02);
        Configure(options);
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, SquentropyOptions options) =>
        ml.MulticlassClassification.Trainers.Squentropy(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.MulticlassClassification.Trainers.Squentropy("Label", "Features", "Weight", epochs: 2, learningRate: 0.01, hiddenLayers: 1, hiddenUnits: 8);

    protected override SquentropyOptions ShortOptions() => new()
    {
        ExampleWeightColumnName = "Weight",
        HiddenLayers = 1,
        HiddenUnits = 8,
        Training = new() { Epochs = 2, LearningRate = 0.01 },
    };

    protected override TrainingOptions Training(SquentropyOptions options) => options.Training;

    protected override void SetSeed(SquentropyOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(SquentropyOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override void SetBlockSize(SquentropyOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override void FailOnMissingLabels(SquentropyOptions options) => options.MissingLabels = MissingLabelPolicy.Fail;

    protected override IReadOnlyList<MulticlassClassificationMetricsStatistics> Importance(MLContext ml, ITransformer transformer, IDataView data) =>
        ml.MulticlassClassification.PermutationFeatureImportance((SquentropyTransformer)transformer, data);
}
