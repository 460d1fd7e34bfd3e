using System.Numerics;

namespace MLNetExt.Kernels;

/// <summary>Sums over pairs.</summary>
/// <param name="Loss">Of the losses.</param>
/// <param name="Gradient">Of the gradients by the logits, G.</param>
/// <param name="CosineGradient">Of G times the cosine.</param>
internal readonly record struct PairSums(double Loss, double Gradient, double CosineGradient) : IAdditionOperators<PairSums, PairSums, PairSums>
{
    public static PairSums operator +(PairSums left, PairSums right)
        => new(left.Loss + right.Loss, left.Gradient + right.Gradient, left.CosineGradient + right.CosineGradient);
}
