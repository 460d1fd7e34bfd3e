using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Objectives;
using MLNetExt.Training;

namespace MLNetExt.Benchmarks;

/// <summary>How two perceptrons, 32-64-16, learn to match digit halves: AdamW without decay, rate 0.003, second moment 0.95, a tenth of warm-up, cosine.</summary>
internal sealed record HalvesRecipe(
    int BatchSize = 64,
    int Epochs = 40,
    NegativeKind Negatives = NegativeKind.All,
    double NegativesPerPositive = 2,
    double Bias = -10,
    ContrastiveLoss Loss = ContrastiveLoss.Sigmoid,
    double ShuffledShare = 0)
{
    /// <summary>Recall@1 over the test pairs in per cent, the mean of both directions.</summary>
    public double Run(HalvesData data, int seed)
    {
        using ContrastiveTransformer model = data.Context.Contrastive.Trainers.Sigmoid(Options(seed)).Fit(data.Train(ShuffledShare));
        return 100 * data.Context.Contrastive.EvaluateRetrieval(model.Transform(data.Test)).RecallAt[1];
    }

    /// <summary>The same with the seeds 1 to <paramref name="seeds"/>.</summary>
    public Spread RunSeeds(HalvesData data, int seeds) => Spread.Of(Enumerable.Range(1, seeds).Select(seed => Run(data, seed)));

    private SigmoidContrastiveOptions Options(int seed) => new()
    {
        EmbeddingSize = 16,
        Left = { Kind = TowerKind.Mlp, Width = 64, Depth = 1, Standardize = false },
        Right = { Kind = TowerKind.Mlp, Width = 64, Depth = 1, Standardize = false },
        Matching = PairMatching.OwnRow,
        Negatives = Negatives,
        NegativesPerPositive = NegativesPerPositive,
        InitialBias = Bias,
        Loss = Loss,
        BatchSize = BatchSize,
        Seed = seed,
        Training = new TrainingOptions
        {
            Epochs = Epochs,
            LearningRate = 3e-3,
            Beta2 = 0.95,
            WeightDecay = 0,
            WarmupFraction = 0.1,
            MaxGradientNorm = 0,
        },
    };
}
