using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The pairwise Cringe loss: fine-tuning on the chosen and contrasts on the rejected completion, switched off by a gate
/// once the model tells the two apart.</summary>
/// <remarks>
/// Xu, Lee, Sukhbaatar and Weston, "Some things are more cringe than others: iterative preference optimization with the pairwise
/// cringe loss", arXiv 2312.16682. With the chosen completion w, the rejected one l, their log-probabilities π, and the contrast ct
/// of a token (<see cref="CringeContrast"/>),
/// <code>CE = −Σ_t log p(w[t]);   CT = Σ_t ct(l[t]);   B = CE + α·CT
/// M = π(w) − π(l);   g = σ((b − M)/τ);   L = g·B</code>
/// with the mean over pairs. <see cref="TokenReduction"/> divides CE and CT each by the tokens of its completion,
/// <see cref="LengthNormalizeMargin"/> does so with π in M. With τ = 0 the gate is hard, 1 for M below b and 0 otherwise. There is no
/// reference model. Gradients: ∂L/∂log p(w[t]) = −g·r and ∂L/∂ct(l[t]) = g·α·r, r = 1 or 1/T by the reduction; when the gate is
/// differentiated, B·g·(1 − g)/τ more of −1 for every log p(w[t]) and of +1 for every log p(l[t]).
/// <list type="bullet">
/// <item>The paper does not say all of this in what could be read: the gate's gradient, the reduction and the normalisation of M are
/// options. A gate that is differentiated adds an unlikelihood push on the rejected completion, whose size is B·(1 − g)/τ of the
/// rest: with M summed and B averaged that is large.</item>
/// <item>Choose b and τ by the margins at the start: a gate that is 0 for all pairs teaches nothing, and one that is 1 for all is the binary
/// loss, <see cref="BinaryCringe"/>.</item>
/// <item>Equal completions have M = 0, and the two terms pull in opposite directions: leave such pairs out.</item>
/// </list>
/// </remarks>
public sealed class PairwiseCringe : IPreferenceObjective
{
    private readonly TokenReduction _tokenReduction;

    /// <summary>Makes the objective.</summary>
    /// <param name="contrast">Which tokens are held against those of the rejected completion; k = 5 when null.</param>
    /// <param name="gateBias">b, finite: the margin at which the gate is one half.</param>
    /// <param name="gateTemperature">τ, finite and not negative, in nats as b; 0 for a hard gate.</param>
    /// <param name="alpha">α, the weight of the contrasts, finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public PairwiseCringe(CringeContrast? contrast = null, double gateBias = -10, double gateTemperature = 10, double alpha = 1)
    {
        Contrast = contrast ?? new();
        GateBias = ParameterCheck.Finite(gateBias);
        GateTemperature = ParameterCheck.NotNegative(gateTemperature);
        Alpha = ParameterCheck.NotNegative(alpha);
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast Contrast { get; }

    /// <summary>b.</summary>
    public double GateBias { get; }

    /// <summary>τ.</summary>
    public double GateTemperature { get; }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <summary>Whether the gate is a weight through which no gradient flows.</summary>
    public bool DetachGate { get; init; } = true;

    /// <summary>Whether M is the difference of mean, rather than summed, log-probabilities.</summary>
    public bool LengthNormalizeMargin { get; init; }

    /// <summary>How CE and CT are made of the tokens' losses.</summary>
    /// <exception cref="ArgumentException">The value is not defined.</exception>
    public TokenReduction TokenReduction
    {
        get => _tokenReduction;
        init => _tokenReduction = Enum.IsDefined(value) ? value : throw new ArgumentException($"TokenReduction is {value}; it must be Mean or Sum.", nameof(value));
    }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are the log-probabilities. More metrics, means over pairs:
    /// <c>gate/mean</c>, <c>margin</c>, <c>ce_loss</c>, <c>ct_loss</c>, and <c>ct_tokens</c>, the number of contrasts.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var lengths = scores.Lengths.clamp(min: 1);
        Tensor Reduce(Tensor sums) => TokenReduction == TokenReduction.Mean ? sums / lengths : sums;
        var crossEntropy = scores.Pairs(Reduce(-scores.Sums)).Chosen;
        var contrast = scores.Pairs(Reduce(scores.ContrastSums)).Rejected;
        var (chosen, rejected) = scores.Pairs(LengthNormalizeMargin ? scores.Means : scores.Sums);
        var margin = chosen - rejected;
        var gate = GateTemperature == 0 ? margin.lt(GateBias).to(margin.dtype) : ((GateBias - margin) / GateTemperature).sigmoid();
        if (DetachGate)
            gate = gate.detach();

        var (isCounted, _) = scores.Pairs(scores.IsCounted);
        return PreferenceSum.OfPairs(scores, gate * (crossEntropy + Alpha * contrast), rewards: scores.Sums)
            .With("gate/mean", gate, isCounted)
            .With("margin", margin, isCounted)
            .With("ce_loss", crossEntropy, isCounted)
            .With("ct_loss", contrast, isCounted)
            .With("ct_tokens", scores.Pairs(scores.Lengths).Rejected, isCounted);
    }

    /// <summary>g of a margin.</summary>
    internal double Gate(double margin) => GateTemperature == 0 ? margin < GateBias ? 1 : 0 : 1 / (1 + Math.Exp((margin - GateBias) / GateTemperature));
}
