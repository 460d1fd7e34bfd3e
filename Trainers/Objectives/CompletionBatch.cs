using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The completions that a loss is computed of: their tokens, and which of them are desired.</summary>
/// <remarks>The tensors may be on any device.</remarks>
public sealed record CompletionBatch
{
    /// <summary>Describes completions, each desired or not.</summary>
    /// <param name="targets">Int64 <c>[n, T]</c>: token ids; −100 where there is no token of the completion: in the prompt and in padding.
    /// At t stands the token that the hidden state at t predicts.</param>
    /// <param name="isDesired">Bool <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong.</exception>
    public CompletionBatch(Tensor targets, Tensor isDesired)
    {
        TensorCheck.Require(targets, nameof(targets), "int64 [n, T]", t => t.dtype == ScalarType.Int64 && t.dim() == 2);
        TensorCheck.Require(
            isDesired, nameof(isDesired), $"bool [{targets.shape[0]}]", t => t.dtype == ScalarType.Bool && t.dim() == 1 && t.shape[0] == targets.shape[0]);
        (Targets, IsDesired) = (targets, isDesired);
    }

    /// <summary>Int64 <c>[n, T]</c>: token ids; −100 where there is no token of the completion.</summary>
    public Tensor Targets { get; }

    /// <summary>Bool <c>[n]</c>.</summary>
    public Tensor IsDesired { get; }

    /// <summary>Whether the first n/2 completions are the chosen ones, and completion i + n/2 is the rejected one of i.</summary>
    public bool IsPaired { get; private init; }

    /// <summary>Floating point <c>[n]</c>: the reference model's log-probability of each completion, summed over its tokens, as
    /// <see cref="CompletionLoss.Scores"/> computes <see cref="CompletionScores.Sums"/>. Null without one.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>For <see cref="KahnemanTversky"/>: the mean of the model's minus the reference's log-probability, in nats, of completions
    /// that do not belong to their prompts. Null without one.</summary>
    public double? Divergence { get; init; }

    /// <summary>Describes pairs.</summary>
    /// <param name="targets">As for the constructor, n even: the first n/2 completions are the chosen ones, and completion i + n/2 is the
    /// rejected one of i.</param>
    /// <param name="reference">See <see cref="Reference"/>.</param>
    /// <exception cref="ArgumentException">The shape or element type is wrong.</exception>
    public static CompletionBatch Pairs(Tensor targets, Tensor? reference = null)
    {
        TensorCheck.Require(targets, nameof(targets), "int64 [n, T], n even", t => t.dim() == 2 && t.shape[0] % 2 == 0);
        return new(targets, arange(targets.shape[0]).lt(targets.shape[0] / 2)) { IsPaired = true, Reference = reference };
    }
}
