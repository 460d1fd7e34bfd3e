using MLNetExt.Components;
using MLNetExt.Objectives;

namespace MLNetExt.Classification;

/// <summary>A label to learn, and the loss by which it is learned.</summary>
/// <param name="Label">The label.</param>
/// <param name="Objective">The loss; rows without the label do not count.</param>
internal sealed record ClassificationTask(LabelColumn Label, IClassificationObjective Objective)
{
    /// <summary>One for each label. Weights of classes by name are those of the first label's.</summary>
    /// <exception cref="ArgumentException">The options name a class that the label does not have.</exception>
    public static IReadOnlyList<ClassificationTask> Of(IClassifierOptions options, IReadOnlyList<LabelColumn> labels, RowLabels seen, ComponentHost host) =>
    [
        .. labels.Select((label, i) =>
        {
            double[]? classWeights = ClassWeighting.Create(i == 0 ? options.ClassWeights : null, options.BalanceClasses, seen.ClassCounts[i], label.Values);
            return new ClassificationTask(label, ClassificationObjectives.Create(options, classWeights, label.ClassCount, host));
        }),
    ];
}
