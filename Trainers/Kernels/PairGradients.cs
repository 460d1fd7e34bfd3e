using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The gradients of a loss of pairs, in the shapes of what they are taken by.</summary>
/// <param name="Left">By the left embeddings; null when not wanted.</param>
/// <param name="Right">By the right embeddings; null when not wanted.</param>
/// <param name="LogScale">By t′.</param>
/// <param name="Bias">By b.</param>
internal sealed record PairGradients(Tensor? Left, Tensor? Right, Tensor LogScale, Tensor Bias);
