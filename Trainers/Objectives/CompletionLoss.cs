using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A preference objective on top of a language model: from hidden states and head to the loss, without the logits of
/// all tokens.</summary>
public sealed class CompletionLoss
{
    private readonly int? _blockRows;

    /// <summary>Makes the loss.</summary>
    /// <param name="objective">What is computed of the tokens' log-probabilities and contrasts.</param>
    public CompletionLoss(IPreferenceObjective objective) => Objective = objective;

    /// <summary>What is computed of the tokens' log-probabilities and contrasts.</summary>
    public IPreferenceObjective Objective { get; }

    /// <summary>How many tokens' logits are in memory at a time, at least 1; by default as many as fit into 64 MiB, and
    /// never below 256.</summary>
    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public int? BlockRows
    {
        get => _blockRows;
        init => _blockRows = value is null or >= 1 ? value : throw new ArgumentException($"BlockRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <summary>Whether the CPU may use the fused kernel rather than torch operations.</summary>
    public bool UseFusedKernel { get; init; } = true;

    /// <summary>The loss of a batch, summed.</summary>
    /// <param name="hidden">Floating point <c>[n, T, d]</c>: the states that predict the targets.</param>
    /// <param name="head"><c>[V, d]</c>, with the element type and on the device of <paramref name="hidden"/>; the embedding
    /// matrix of the tokens when the two are tied.</param>
    /// <param name="batch">The completions.</param>
    /// <param name="generator">Draws the tokens of the contrast, one number for each token of the undesired completions: a CPU generator.
    /// Null takes the contrast's expectation over the candidates instead, as validation should.</param>
    /// <returns>The sum: <see cref="PreferenceSum.Loss"/> is differentiable by hidden states and head, with their element type and on their
    /// device; the other tensors have no gradient, are on the CPU and in double precision.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, a target is not in the vocabulary, or the batch
    /// lacks what the objective needs.</exception>
    public PreferenceSum Sum(Tensor hidden, Tensor head, CompletionBatch batch, Generator? generator = null) => throw new NotImplementedException();

    /// <summary>What the model says of the completions, without gradient: for validation, for the log-probabilities of a reference model,
    /// and for the margins at the start.</summary>
    /// <param name="hidden">As for <see cref="Sum"/>.</param>
    /// <param name="head">As for <see cref="Sum"/>.</param>
    /// <param name="batch">As for <see cref="Sum"/>, but it may lack what the objective needs.</param>
    /// <param name="generator">As for <see cref="Sum"/>.</param>
    /// <returns>Scores in double precision on the CPU, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, or a target is not in the vocabulary.</exception>
    public CompletionScores Scores(Tensor hidden, Tensor head, CompletionBatch batch, Generator? generator = null) => throw new NotImplementedException();
}
