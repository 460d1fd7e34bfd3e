using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Evaluation;
using MLNetExt.Networks;
using MLNetExt.Training;

namespace MLNetExt.Benchmarks;

/// <summary>How a network is trained when losses are compared: 128-128 ReLU, SGD with Nesterov momentum, cosine, no decay.</summary>
internal sealed record EffectRecipe(double LearningRate = 0.05, int Epochs = 100)
{
    /// <summary>Trains with one loss and one seed, and measures on the test part; null when training diverged.</summary>
    /// <param name="context">Makes the trainer.</param>
    /// <param name="data">The data.</param>
    /// <param name="squareWeight">The weight of squentropy's square term; 0 for cross-entropy.</param>
    /// <param name="seed">Decides initial weights and the order of rows.</param>
    public EffectResult? Run(MLContext context, EffectData data, double squareWeight, int seed)
    {
        try
        {
            using var model = context.MulticlassClassification.Trainers.Squentropy(Options(data, squareWeight, seed)).Fit(data.Train);
            CalibrationMetrics metrics = context.MulticlassClassification.EvaluateCalibration(model.Transform(data.Test));
            return new EffectResult(100 * metrics.Accuracy, 100 * metrics.ExpectedCalibrationError);
        }
        catch (NonFiniteLossException)
        {
            return null;
        }
    }

    private SquentropyOptions Options(EffectData data, double squareWeight, int seed) => new()
    {
        Loss = squareWeight == 0 ? ClassificationLoss.CrossEntropy : ClassificationLoss.Squentropy,
        SquareWeight = squareWeight,
        FewClasses = FewClassesPolicy.KeepSquareWeight,
        HiddenSizes = [128, 128],
        Activation = Activation.Relu,
        Standardize = data.Standardize,
        BatchSize = 32,
        Seed = seed,
        Training = new TrainingOptions
        {
            Optimizer = OptimizerKind.SgdNesterov,
            LearningRate = LearningRate,
            Momentum = 0.9,
            Epochs = Epochs,
            WarmupFraction = 0,
            WeightDecay = 0,
            MaxGradientNorm = 0,
        },
    };
}
