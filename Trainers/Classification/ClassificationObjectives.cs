using MLNetExt.Components;
using MLNetExt.Objectives;

namespace MLNetExt.Classification;

/// <summary>Makes the objective that the options ask for.</summary>
internal static class ClassificationObjectives
{
    private const int FewClasses = 3;
    private const double MaxWeightForFewClasses = 0.1;

    public static IClassificationObjective Create(IClassifierOptions options, double[]? classWeights, int classCount, ComponentHost host) => options.Loss switch
    {
        ClassificationLoss.Squentropy => new Squentropy(SquareWeight(options, classCount, host), classWeights),
        ClassificationLoss.CrossEntropy => new CrossEntropy(options.LabelSmoothing, classWeights),
        _ => new RescaledSquare(options.TrueClassWeight, options.TrueClassTarget, classWeights),
    };

    private static double SquareWeight(IClassifierOptions options, int classCount, ComponentHost host)
    {
        if (classCount > FewClasses || options.SquareWeight <= MaxWeightForFewClasses)
            return options.SquareWeight;
        if (options.FewClasses == FewClassesPolicy.KeepSquareWeight)
        {
            host.Warn($"With {classCount} classes the square term's curvature can make training diverge at this learning rate: lower LearningRate or SquareWeight if the loss grows.");
            return options.SquareWeight;
        }

        host.Info($"With {classCount} classes SquareWeight is reduced from {options.SquareWeight} to {MaxWeightForFewClasses}; set FewClasses to KeepSquareWeight to keep it.");
        return MaxWeightForFewClasses;
    }
}
