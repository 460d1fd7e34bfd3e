using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Squentropy: cross-entropy plus the average square of the wrong classes' logits.</summary>
/// <remarks>
/// Hui, Belkin and Wright, "Cut your losses with squentropy", ICML 2023, arXiv 2302.03952. A row's loss is
/// <code>logsumexp(f) − f[y] + (w/(C−1))·Σ_{j≠y} f[j]²</code>
/// with w = 1 in the paper. The squares are of raw logits, not of probabilities, and the true class's logit is not squared.
/// Gradient, with p = softmax(f): ∂ℓ/∂f[j] = p[j] − 1[j=y] + 1[j≠y]·2w·f[j]/(C−1). Convex in the logits.
/// <list type="bullet">
/// <item>The curvature is at most 1/2 + 2w/(C−1): 2.5 for two classes, where cross-entropy has 1/2. At a learning rate tuned for
/// cross-entropy, two- or three-class training can diverge: take w = 0.1 or a smaller rate.</item>
/// <item>Not a proper scoring rule: it pulls confidence towards even odds, most when classes are few. That repairs
/// over-confident networks and makes under-trained ones, or ones trained on noisy labels, under-confident.</item>
/// <item>Adding a constant to all logits changes the loss. A logit of minus infinity makes it infinite.</item>
/// </list>
/// </remarks>
public sealed class Squentropy : ClassificationObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="squareWeight">w, finite and not negative: 1 is the paper's loss, 0 is cross-entropy.</param>
    /// <param name="classWeights">What a row of each class counts (both terms), one per class, finite and not negative; null for 1.</param>
    /// <param name="ignoreIndex">The target value of rows that do not count.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Squentropy(double squareWeight = 1, IReadOnlyList<double>? classWeights = null, long ignoreIndex = -100)
        : base(classWeights, ignoreIndex)
    {
        if (!(squareWeight >= 0 && double.IsFinite(squareWeight)))
            throw new ArgumentException($"The square weight is {squareWeight}; it must be finite and not negative.", nameof(squareWeight));
        SquareWeight = squareWeight;
    }

    /// <summary>w.</summary>
    public double SquareWeight { get; }

    private protected override Tensor TorchLosses(ClassificationRows rows)
    {
        var crossEntropy = nn.functional.cross_entropy(rows.CountedLogits, rows.TargetTensor, ignore_index: IgnoreIndex, reduction: nn.Reduction.None);
        return WeightedRows(crossEntropy + rows.WrongSquares() * (SquareWeight / (rows.Classes - 1)), rows);
    }

    private protected override Tensor FusedLosses(ClassificationRows rows, bool sum)
        => FusedRows.Evaluate(new SquentropyRow(SquareWeight / (rows.Classes - 1), Weights), rows, sum);
}
