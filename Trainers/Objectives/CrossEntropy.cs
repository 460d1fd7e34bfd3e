using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Softmax cross-entropy, with optional label smoothing.</summary>
/// <remarks>
/// With p = softmax(f), smoothing ε and class weights v (1 when not given), a row's loss is
/// <code>(1 − ε)·v[y]·(−log p[y]) + (ε/C)·Σ_c v[c]·(−log p[c])</code>
/// as torch computes it. Gradient without weights: ∂ℓ/∂f[j] = p[j] − (1 − ε)·1[j=y] − ε/C. Adding a constant to all
/// logits changes nothing. Label smoothing: Szegedy et al., "Rethinking the Inception Architecture", arXiv 1512.00567.
/// </remarks>
public sealed class CrossEntropy : ClassificationObjective
{
    private readonly double _weightSum;

    /// <summary>Makes the objective.</summary>
    /// <param name="labelSmoothing">ε in [0, 1]: the share of the target spread evenly over all classes.</param>
    /// <param name="classWeights">What a row of each class counts, one per class, finite and not negative; null for 1.</param>
    /// <param name="ignoreIndex">The target value of rows that do not count.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public CrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null, long ignoreIndex = -100)
        : base(classWeights, ignoreIndex)
    {
        if (!(labelSmoothing is >= 0 and <= 1))
            throw new ArgumentException($"Label smoothing is {labelSmoothing}; it must be between 0 and 1.", nameof(labelSmoothing));
        LabelSmoothing = labelSmoothing;
        _weightSum = Weights?.Sum() ?? 0;
    }

    /// <summary>ε.</summary>
    public double LabelSmoothing { get; }

    private protected override Tensor TorchLosses(ClassificationRows rows)
        => nn.functional.cross_entropy(rows.CountedLogits, rows.TargetTensor, WeightTensor(rows), IgnoreIndex, nn.Reduction.None, LabelSmoothing);

    private protected override Tensor FusedLosses(ClassificationRows rows, bool sum)
        => FusedRows.Evaluate(new CrossEntropyRow(LabelSmoothing, Weights, Weights is null ? rows.Classes : _weightSum), rows, sum);
}
