using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>A label to learn, and the loss by which it is learned.</summary>
/// <param name="Label">The label.</param>
/// <param name="Objective">The loss; rows without the label do not count.</param>
internal sealed record ClassificationTask(LabelColumn Label, IClassificationObjective Objective)
{
    /// <summary>One for each label: tags by cross-entropy, classes by what the options say. Weights of classes by name are those of the first label's.</summary>
    /// <exception cref="ArgumentException">The options name a class that the label does not have.</exception>
    public static IReadOnlyList<ClassificationTask> Of(IClassifierOptions options, IReadOnlyList<LabelColumn> labels, RowLabels seen, ComponentHost host) =>
    [
        .. labels.Select((label, i) =>
        {
            if (label.IsMultiLabel)
                return new ClassificationTask(label, new CrossEntropy(options.LabelSmoothing));
            double[]? classWeights = ClassWeighting.Create(i == 0 ? options.ClassWeights : null, options.BalanceClasses, seen.ClassCounts[i], label.Values);
            return new ClassificationTask(label, ClassificationObjectives.Create(options, classWeights, label.ClassCount, host));
        }),
    ];

    /// <summary>What the objective reads of a batch.</summary>
    /// <remarks>Each of n tags is a choice of two classes, no with the logit 0 and yes with the tag's, so that its probability is the logit's sigmoid; of a row's weight it has 1/n.</remarks>
    /// <param name="output">What the head says, <c>[rows, classes]</c>.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="weightColumn">What each row counts; null when all count 1.</param>
    /// <returns>Logits <c>[N, C]</c>, and targets and weights <c>[N]</c>: for classes a row each, for tags a row each of each tag, with C = 2.</returns>
    public (Tensor Logits, Tensor Targets, Tensor? Weights) Read(Tensor output, TensorBatch batch, string? weightColumn)
    {
        Tensor targets = batch[Label.Name];
        Tensor? weights = weightColumn is null ? null : batch[weightColumn];
        if (!Label.IsMultiLabel)
            return (output, targets, weights);
        Tensor yes = output.reshape(-1), tags = targets.reshape(-1);
        return (
            stack([zeros_like(yes), yes], 1),
            tags.nan_to_num(TensorBatch.MissingKey).to(ScalarType.Int64),
            ((weights ?? ones(batch.RowCount, device: output.device)) / Label.ClassCount).repeat_interleave(Label.ClassCount));
    }
}
