using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A loss of the pairs that two towers' embeddings form.</summary>
public interface IContrastiveObjective
{
    /// <summary>The loss over all pairs of the batch, summed.</summary>
    /// <param name="left">Floating point <c>[n, d]</c>, rows of length 1; see <see cref="UnitLength"/>. The objective does not
    /// normalise. Half precision is computed in single precision.</param>
    /// <param name="right"><c>[m, d]</c>, with the element type and on the device of <paramref name="left"/>.</param>
    /// <param name="logScale">t′, one floating-point number: cosines are multiplied by t = exp(t′).</param>
    /// <param name="bias">b, one floating-point number.</param>
    /// <param name="pairs">Which pairs are positive; null for row i with row i, and then n must be m.</param>
    /// <returns>The sum, differentiable with respect to all four tensors, and n, the weight to divide it by.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong.</exception>
    ObjectiveSum Sum(Tensor left, Tensor right, Tensor logScale, Tensor bias, PairLabels? pairs = null);
}
