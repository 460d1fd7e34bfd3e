using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A loss of class logits against class indices.</summary>
public interface IClassificationObjective
{
    /// <summary>The loss of every row.</summary>
    /// <param name="logits">Floating point <c>[B, C]</c>, C at least 2: raw outputs of the last layer, no softmax.
    /// Locations as well, class axis second: <c>[B, C, ...]</c>.</param>
    /// <param name="targets">Int64 <c>[B]</c> (or <c>[B, ...]</c>): classes in <c>[0, C)</c>, or the ignore index.</param>
    /// <returns>The shape of <paramref name="targets"/>, differentiable; exactly 0 for ignored rows.</returns>
    /// <exception cref="ArgumentException">A shape, element type or target is wrong.</exception>
    Tensor Losses(Tensor logits, Tensor targets);

    /// <summary>The losses of all rows, summed.</summary>
    /// <param name="logits">As for <see cref="Losses"/>.</param>
    /// <param name="targets">As for <see cref="Losses"/>.</param>
    /// <param name="rowWeights">Floating point, the shape of <paramref name="targets"/>: what each row counts, finite and
    /// not negative; 0 is the same as ignored. No gradient flows to it. 1 for every row when null.</param>
    /// <returns>The sum and the weight to divide it by.</returns>
    /// <exception cref="ArgumentException">A shape, element type, target or weight is wrong.</exception>
    ObjectiveSum Sum(Tensor logits, Tensor targets, Tensor? rowWeights = null);
}
