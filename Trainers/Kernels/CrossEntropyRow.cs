using System.Numerics;
using System.Numerics.Tensors;

namespace MLNetExt.Kernels;

/// <summary>(1 − ε)·w[y]·(−log p[y]) + (ε/C)·Σ over c of w[c]·(−log p[c]), p = softmax(f).</summary>
/// <remarks>Without label smoothing the gradient may take the logits' place.</remarks>
internal readonly struct CrossEntropyRow(double labelSmoothing, double[]? classWeights, double classWeightSum) : IRowLoss
{
    public double Evaluate<T>(ReadOnlySpan<T> logits, int target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double hard = scale * (1 - labelSmoothing) * (classWeights?[target] ?? 1);
        double soft = scale * labelSmoothing / logits.Length;

        var max = RowOps.Max(logits);
        double margin = double.CreateTruncating(max - logits[target]);
        double shifts = soft == 0 ? 0 : WeightedShifts(logits, max, gradient);
        double sum = RowOps.ShiftedExpSum(logits, max, gradient);
        double logSum = Math.Log(sum);
        double total = hard + soft * classWeightSum;

        TensorPrimitives.Multiply(gradient, T.CreateTruncating(total / sum), gradient);
        if (soft != 0)
            SubtractWeights(gradient, soft);
        gradient[target] -= T.CreateTruncating(hard);
        return hard * margin + total * logSum - soft * shifts;
    }

    /// <summary>Σ w[c]·(f[c] − max): below the maximum, so that large logits leave the sum its digits.</summary>
    private double WeightedShifts<T>(ReadOnlySpan<T> logits, T max, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(logits, max, scratch);
        if (classWeights is null)
            return double.CreateTruncating(TensorPrimitives.Sum<T>(scratch));

        double sum = 0;
        for (int c = 0; c < scratch.Length; c++)
            sum += classWeights[c] * double.CreateTruncating(scratch[c]);
        return sum;
    }

    private void SubtractWeights<T>(Span<T> gradient, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (classWeights is null)
        {
            TensorPrimitives.Subtract(gradient, T.CreateTruncating(factor), gradient);
            return;
        }

        for (int c = 0; c < gradient.Length; c++)
            gradient[c] -= T.CreateTruncating(factor * classWeights[c]);
    }
}
