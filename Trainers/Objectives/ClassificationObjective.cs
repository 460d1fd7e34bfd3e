using MLNetExt.Kernels;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>What the classification losses of this namespace share: checks, weights, ignored rows, and the choice
/// between the fused CPU kernel and torch operations.</summary>
/// <remarks>
/// <para>CPU logits in float32 or float64 take one fused pass that computes losses and gradient together. It
/// supports first derivatives only. Other logits (other devices, float16 and bfloat16, which are computed in float32),
/// and all with <see cref="UseFusedKernel"/> = false, take torch operations.</para>
/// <para>Class weights multiply a row's loss by the weight of its target class, and so the row's share of
/// <see cref="ObjectiveSum.Weight"/>.</para>
/// <para>Targets are checked on every device. On other devices than the CPU that waits for the device once a call.</para>
/// </remarks>
public abstract class ClassificationObjective : IClassificationObjective
{
    private protected ClassificationObjective(IReadOnlyList<double>? classWeights, long ignoreIndex)
    {
        for (int c = 0; c < classWeights?.Count; c++)
        {
            if (!(classWeights[c] >= 0 && double.IsFinite(classWeights[c])))
                throw new ArgumentException($"The weight of class {c} is {classWeights[c]}; class weights are finite and not negative.", nameof(classWeights));
        }

        Weights = classWeights?.ToArray();
        IgnoreIndex = ignoreIndex;
    }

    /// <summary>The target value of rows that do not count.</summary>
    public long IgnoreIndex { get; }

    /// <summary>What a row of each class counts; null when all count 1.</summary>
    public IReadOnlyList<double>? ClassWeights => Weights;

    /// <summary>Whether the fused kernel may be used. Set it to false for second derivatives.</summary>
    public bool UseFusedKernel { get; init; } = true;

    private protected double[]? Weights { get; }

    /// <inheritdoc/>
    public Tensor Losses(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var rows = new ClassificationRows(logits, targets, null, Weights, IgnoreIndex);
        var losses = IsFused(rows) ? FusedLosses(rows, sum: false) : TorchLosses(rows);
        return (targets.dim() == 1 ? losses : losses.reshape(targets.shape)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ObjectiveSum Sum(Tensor logits, Tensor targets, Tensor? rowWeights = null)
    {
        using var scope = NewDisposeScope();
        var rows = new ClassificationRows(logits, targets, rowWeights, Weights, IgnoreIndex);
        var loss = IsFused(rows) ? FusedLosses(rows, sum: true) : TorchSum(rows, rowWeights);
        return new(loss.MoveToOuterDisposeScope(), rows.Weight);
    }

    /// <summary>Row losses <c>[B]</c> by torch operations: class weights applied, 0 for ignored rows.</summary>
    private protected abstract Tensor TorchLosses(ClassificationRows rows);

    /// <summary>Row losses <c>[B]</c> by the fused kernel, or their sum weighted by the row weights.</summary>
    private protected abstract Tensor FusedLosses(ClassificationRows rows, bool sum);

    /// <summary>The class weights as a tensor that fits the logits; null when there are none.</summary>
    private protected Tensor? WeightTensor(ClassificationRows rows)
        => Weights is null ? null : tensor(Weights, dtype: rows.Logits.dtype, device: rows.Logits.device);

    /// <summary>Row losses times the target's class weight, 0 for ignored rows.</summary>
    private protected Tensor WeightedRows(Tensor losses, ClassificationRows rows)
    {
        if (WeightTensor(rows) is { } weights)
            losses = losses * weights[rows.TargetColumn.squeeze(1)];
        return losses.FillWhere(rows.Ignored, 0);
    }

    private bool IsFused(ClassificationRows rows) => UseFusedKernel && FusedRows.Supports(rows.Logits);

    private Tensor TorchSum(ClassificationRows rows, Tensor? rowWeights)
    {
        var losses = TorchLosses(rows);
        return rowWeights is null ? losses.sum() : losses.dot(rowWeights.detach().reshape(-1).to(losses.dtype));
    }
}
