using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The rescaled square loss: regression of the logits onto m for the true class and 0 for the others.</summary>
/// <remarks>
/// Hui and Belkin, "Evaluation of neural architectures trained with square loss vs cross-entropy in classification tasks",
/// arXiv 2006.07322. A row's loss is
/// <code>(1/C)·(k·(f[y] − m)² + Σ_{j≠y} f[j]²)</code>
/// There is no softmax; k = m = 1 is the mean squared error to one-hot targets. Gradient: ∂ℓ/∂f[y] = 2k·(f[y] − m)/C,
/// ∂ℓ/∂f[j] = 2·f[j]/C for the wrong classes. With many classes the plain form learns slowly: raise m, then k.
/// A softmax over logits trained with this loss is not a calibrated probability; its confidence depends on m.
/// </remarks>
public sealed class RescaledSquare : ClassificationObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="k">What the true class's error counts against a wrong class's, finite and positive.</param>
    /// <param name="m">The target value of the true class's logit, finite and positive.</param>
    /// <param name="classWeights">What a row of each class counts, one per class, finite and not negative; null for 1.</param>
    /// <param name="ignoreIndex">The target value of rows that do not count.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public RescaledSquare(double k = 1, double m = 1, IReadOnlyList<double>? classWeights = null, long ignoreIndex = -100)
        : base(classWeights, ignoreIndex)
    {
        if (!(k > 0 && double.IsFinite(k)))
            throw new ArgumentException($"k is {k}; it must be finite and positive.", nameof(k));
        if (!(m > 0 && double.IsFinite(m)))
            throw new ArgumentException($"m is {m}; it must be finite and positive.", nameof(m));
        K = k;
        M = m;
    }

    /// <summary>What the true class's error counts against a wrong class's.</summary>
    public double K { get; }

    /// <summary>The target value of the true class's logit.</summary>
    public double M { get; }

    private protected override Tensor TorchLosses(ClassificationRows rows)
    {
        var miss = rows.CountedLogits.gather(1, rows.TargetColumn).squeeze(1) - M;
        return WeightedRows((rows.WrongSquares() + miss.square() * K) / rows.Classes, rows);
    }

    private protected override Tensor FusedLosses(ClassificationRows rows, bool sum)
        => FusedRows.Evaluate(new RescaledSquareRow(K, M, Weights), rows, sum);
}
