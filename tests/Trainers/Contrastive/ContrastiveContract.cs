using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contrastive;

/// <summary>How the contract's clauses reach into <see cref="SigmoidContrastiveTrainer"/>; its subclasses differ in columns and towers.</summary>
public abstract class ContrastiveContract : TrainerContract<SigmoidContrastiveOptions, PairRow, PairPrediction>
{
    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(SigmoidContrastiveOptions options);

    protected override SigmoidContrastiveOptions Options()
    {
        var options = new SigmoidContrastiveOptions { BatchSize = 16, Seed = 5, EmbeddingSize = 8, Left = { Width = 16 }, Right = { Width = 16 } };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.01);
        Configure(options);
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, SigmoidContrastiveOptions options) => ml.Contrastive.Trainers.Sigmoid(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Contrastive.Trainers.Sigmoid(ShortOptions().LeftColumnName, ShortOptions().RightColumnName, embeddingSize: 8, epochs: 2, batchSize: 16, learningRate: 0.01);

    protected override SigmoidContrastiveOptions ShortOptions()
    {
        var options = new SigmoidContrastiveOptions { BatchSize = 16, EmbeddingSize = 8, LeftColumnName = Options().LeftColumnName, RightColumnName = Options().RightColumnName };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.01);
        return options;
    }

    protected override PairRow[] Rows() => PairRow.Many(80);

    protected override int PredictionsForMemory => 5_000;

    protected override void SetBlockSize(SigmoidContrastiveOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override TrainingOptions Training(SigmoidContrastiveOptions options) => options.Training;

    protected override void SetSeed(SigmoidContrastiveOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(SigmoidContrastiveOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected const string AnyInput = "a vector of Single of known length, images, tokens or text";
}
