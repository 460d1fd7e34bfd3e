using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The completions that a loss is computed of: their tokens, and which of them are desired.</summary>
public sealed class CompletionBatch
{
    /// <summary>Describes completions, each desired or not.</summary>
    /// <param name="targets">Int64 <c>[n, T]</c>: token ids, −100 where there is no token of the completion: in the prompt and in padding.
    /// Position t holds the token that the hidden state of t predicts.</param>
    /// <param name="isDesired">Bool <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong.</exception>
    public CompletionBatch(Tensor targets, Tensor isDesired)
    {
        Targets = targets;
        IsDesired = isDesired;
    }

    /// <summary>Describes pairs.</summary>
    /// <param name="targets">As for the constructor, n even: the first n/2 completions are the chosen ones, and completion i + n/2 is the
    /// rejected one of i.</param>
    /// <exception cref="ArgumentException">The shape or element type is wrong.</exception>
    public static CompletionBatch Pairs(Tensor targets) => throw new NotImplementedException();

    /// <summary>Int64 <c>[n, T]</c>: token ids, −100 where there is no token of the completion.</summary>
    public Tensor Targets { get; }

    /// <summary>Bool <c>[n]</c>.</summary>
    public Tensor IsDesired { get; }

    /// <summary>Whether the first n/2 completions are the chosen ones, and completion i + n/2 is the rejected one of i.</summary>
    public bool IsPaired { get; private init; }

    /// <summary>Floating point <c>[n]</c>: the reference model's log-probability of each completion, summed over its tokens, such as
    /// <see cref="CompletionScores.Sums"/> of what <see cref="CompletionLoss.Scores"/> gives for that model. Null without one.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>An estimate of the divergence of the model from the reference, in nats, for <see cref="KahnemanTversky"/>: the mean of
    /// the log-probabilities of model minus reference, over completions that do not belong to their prompts. Null without one.</summary>
    public double? Divergence { get; init; }
}
