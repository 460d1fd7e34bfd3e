using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The negative log-likelihood of preferences under the Bradley-Terry model: the loss of reward models.</summary>
/// <remarks>
/// Bradley and Terry, "Rank analysis of incomplete block designs", Biometrika 1952; for reward models Ouyang et al., arXiv 2203.02155,
/// and with margins Touvron et al., "Llama 2", arXiv 2307.09288. With the rewards r⁺ and r⁻ of the chosen and the rejected side and
/// the margin m, 0 when not given, a pair's loss is
/// <code>ℓ = −log σ(r⁺ − r⁻ − m) = softplus(m − r⁺ + r⁻);   ∂ℓ/∂r⁺ = −σ(m − r⁺ + r⁻) = −∂ℓ/∂r⁻</code>
/// <see cref="Sum"/> returns the sum over the pairs with their number. A number added to all rewards changes nothing: only
/// differences of rewards have a meaning, and σ(r⁺ − r⁻) is the probability that the first is preferred.
/// </remarks>
public static class BradleyTerry
{
    /// <summary>The loss over the pairs, summed; exact and with a finite gradient however large the difference.</summary>
    /// <param name="chosen">Floating point <c>[n]</c>: the rewards of what is preferred.</param>
    /// <param name="rejected"><c>[n]</c>, with the element type and on the device of <paramref name="chosen"/>.</param>
    /// <param name="margins"><c>[n]</c>, likewise: by how much the chosen reward is to be larger; null for 0.</param>
    /// <returns>The sum, differentiable with respect to all three tensors, and n, the weight to divide it by.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong.</exception>
    public static ObjectiveSum Sum(Tensor chosen, Tensor rejected, Tensor? margins = null)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(rejected);
        if (chosen.dim() != 1 || !chosen.is_floating_point())
            throw new ArgumentException($"Rewards are {Describe(chosen)}; they must be floating point [n].", nameof(chosen));
        RequireAlike(chosen, rejected, nameof(rejected));
        if (margins is not null)
            RequireAlike(chosen, margins, nameof(margins));

        using var scope = NewDisposeScope();
        Tensor differences = chosen - rejected;
        Tensor losses = nn.functional.logsigmoid(margins is null ? differences : differences - margins);
        return new((-losses.sum()).MoveToOuterDisposeScope(), chosen.shape[0]);
    }

    private static void RequireAlike(Tensor chosen, Tensor other, string name)
    {
        if (other.dtype != chosen.dtype || !other.shape.SequenceEqual(chosen.shape) || other.device.ToString() != chosen.device.ToString())
            throw new ArgumentException($"The {name} are {Describe(other)}; the chosen rewards are {Describe(chosen)}: they must be alike.", name);
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] on {tensor.device}";
}
