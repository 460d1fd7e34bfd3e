using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MLNetExt.Objectives;

/// <summary>Semantically consistent token dropping (ScTD): now and then a pass that drops tokens is held to a full pass of the same weights.</summary>
/// <remarks>
/// Zhong, Ding, Liu, Zhang, Zhang, Du and Tao, "Revisiting token dropping strategy in efficient BERT pretraining", ACL 2023, arXiv 2305.15273. With the losses of
/// both passes and, of each row, the vectors h of the layer before the last and of the last layer, full and dropped,
/// <code>
/// D(h, h′) = Σ_d p[d]·(log p[d] − log p′[d]),   p = softmax over the components of h, p′ of h′
/// L = ½·L(dropped) + ½·L(full) + λ·D(penultimate) + λ·D(last)
/// </code>
/// in every <see cref="Interval"/>th update, counted from 0, so that the first is one of them; in the others L = L(dropped). The full pass is the reference, there is no temperature, and gradients
/// flow into both passes unless <see cref="DetachReference"/>.
/// <list type="bullet">
/// <item>The published program computes its second term from the dropped pass once more: <see cref="ConsistencySecondTerm.Released"/>.</item>
/// <item>There, losses are sums over tokens and divergences sums over rows, and λ is 0.05. With means of both the same weight is λ divided by the masked tokens of a row, 0.00065 for 15 % of 512:
/// <see cref="ConsistencyScale"/>.</item>
/// </list>
/// Gradient by the dropped vectors: ∂D/∂h′ = p′ − p.
/// </remarks>
public sealed class SemanticConsistency
{
    /// <summary>Makes the objective.</summary>
    /// <param name="weight">λ, finite and not negative.</param>
    /// <param name="interval">Every how many updates the passes are compared; at least 1.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public SemanticConsistency(double weight = 0.05, int interval = 10)
    {
        Weight = ParameterCheck.NotNegative(weight);
        if (interval < 1)
            throw new ArgumentException($"interval is {interval}; it must be at least 1.", nameof(interval));
        Interval = interval;
    }

    /// <summary>λ.</summary>
    public double Weight { get; }

    /// <summary>Every how many updates the passes are compared.</summary>
    public int Interval { get; }

    /// <summary>What <see cref="Weight"/> is relative to.</summary>
    public ConsistencyScale Scale { get; init; }

    /// <summary>The loss that is half of the whole.</summary>
    public ConsistencySecondTerm SecondTerm { get; init; }

    /// <summary>Whether no gradient of the divergences flows into the full pass.</summary>
    public bool DetachReference { get; init; }

    /// <summary>Whether gradients flow into the loss of the full pass.</summary>
    internal bool FullLossCounts => SecondTerm == ConsistencySecondTerm.Full;

    /// <summary>Whether any flow into the full pass.</summary>
    internal bool FullPassLearns => FullLossCounts || !DetachReference;

    /// <summary>Whether the passes are compared in an update.</summary>
    /// <param name="update">Its number, from 0.</param>
    public bool IsCompared(long update) => update % Interval == 0;

    /// <summary>The divergence of the dropped pass from the full one, summed over rows.</summary>
    /// <param name="reference">The full pass's vectors, floating point <c>[rows, width]</c>. Vectors that were never normalised have softmaxes that are nearly one-hot: normalise them before.</param>
    /// <param name="dropped">The dropped pass's, in the same shape.</param>
    /// <returns>A scalar, differentiable.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Tensor Divergence(Tensor reference, Tensor dropped)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(dropped);
        if (reference.dim() != 2 || !reference.shape.SequenceEqual(dropped.shape))
            throw new ArgumentException($"dropped is [{string.Join(", ", dropped.shape)}], reference is [{string.Join(", ", reference.shape)}]; both must be [rows, width].", nameof(dropped));
        var full = log_softmax(DetachReference ? reference.detach() : reference, 1);
        return (full.exp() * (full - log_softmax(dropped, 1))).sum();
    }

    /// <summary>The loss of an update in which the passes are compared, as a sum like its parts.</summary>
    /// <param name="droppedLoss">L(dropped), summed over the masked tokens.</param>
    /// <param name="fullLoss">L(full), likewise.</param>
    /// <param name="penultimate">D(penultimate), summed over rows.</param>
    /// <param name="last">D(last), likewise.</param>
    /// <param name="tokens">The number of masked tokens.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>A scalar, differentiable.</returns>
    public Tensor Sum(Tensor droppedLoss, Tensor fullLoss, Tensor penultimate, Tensor last, long tokens, long rows)
    {
        double weight = Scale == ConsistencyScale.Mean && rows > 0 ? Weight * tokens / rows : Weight;
        return (droppedLoss + (SecondTerm == ConsistencySecondTerm.Released ? droppedLoss : fullLoss)) / 2 + weight * (penultimate + last);
    }
}
