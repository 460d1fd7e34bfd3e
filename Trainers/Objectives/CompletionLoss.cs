using MLNetExt.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A preference objective on top of a language model: from hidden states and head to the loss, and its gradient back.</summary>
/// <remarks>
/// With hidden states h[t], head W and logits x[t] = W·h[t], each token y[t] of a completion has
/// <code>log p[t] = x[t][y[t]] − logsumexp(x[t])</code>
/// and, in undesired completions, the contrast ct[t] where the objective asks for one (<see cref="CringeContrast"/>). The objective is a
/// function of these, and says ∂L/∂log p[t] and ∂L/∂ct[t]. From them
/// <code>∂L/∂x[t] = ∂L/∂log p[t]·(1[y[t]] − softmax(x[t])) + ∂L/∂ct[t]·σ(x[t][y[t]] − x[t][p])·(1[y[t]] − 1[p])</code>
/// <para>Logits are computed for the tokens of completions alone and for <see cref="BlockRows"/> of them at a time: once for the scores,
/// and again for the gradient where ∂L/∂log p[t] is not 0. The second term is sparse and needs no logits: rejected completions whose
/// log-probabilities have no gradient, as in <see cref="PairwiseCringe"/> with a detached gate, cost a single matrix product. Memory is for
/// one block's logits, however many tokens. It supports first derivatives only. On the CPU fused kernels compute the rows of a block, on
/// other devices torch operations. float16 and bfloat16 are computed in float32.</para>
/// </remarks>
public sealed class CompletionLoss
{
    private readonly int? _blockRows;

    /// <summary>Makes the loss.</summary>
    /// <param name="objective">The function of the tokens' scores.</param>
    public CompletionLoss(IPreferenceObjective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Objective = objective;
    }

    /// <summary>The function of the tokens' scores.</summary>
    public IPreferenceObjective Objective { get; }

    /// <summary>How many tokens' logits are in memory at a time, at least 1; by default as many as fit into 64 MiB, and
    /// never below 256.</summary>
    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public int? BlockRows
    {
        get => _blockRows;
        init => _blockRows = value is null or >= 1 ? value : throw new ArgumentException($"BlockRows is {value}; it must be at least 1.", nameof(value));
    }

    /// <summary>Whether the CPU may use the fused kernels rather than torch operations.</summary>
    public bool UseFusedKernel { get; init; } = true;

    /// <summary>The loss of a batch, summed.</summary>
    /// <param name="hidden">Floating point <c>[n, T, d]</c>: the states that predict the targets.</param>
    /// <param name="head"><c>[V, d]</c>, with the element type and on the device of <paramref name="hidden"/>; the embedding
    /// matrix of the tokens when the two are tied.</param>
    /// <param name="batch">The completions.</param>
    /// <param name="generator">Draws what undesired tokens are held against, one number for each token: a CPU generator. Null takes the
    /// contrast's expectation over the candidates instead, without noise: right for validation.</param>
    /// <returns>The sum. <see cref="PreferenceSum.Loss"/> has the element type of <paramref name="hidden"/> (float32 for half precision),
    /// is on its device and differentiable by it and by <paramref name="head"/>; the other tensors have no gradient, and are on the
    /// CPU in double precision.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, a target is not in the vocabulary, no token is left to be
    /// a candidate, or the batch lacks what the objective needs.</exception>
    public PreferenceSum Sum(Tensor hidden, Tensor head, CompletionBatch batch, Generator? generator = null)
        => SumOfDraws(hidden, head, batch, Draw(generator));

    /// <summary>What the model says of the completions, without gradient: for validation, for the log-probabilities of a reference model,
    /// and for the margins at the start.</summary>
    /// <param name="hidden">As for <see cref="Sum"/>.</param>
    /// <param name="head">As for <see cref="Sum"/>.</param>
    /// <param name="batch">The completions. It may lack what the objective needs.</param>
    /// <param name="generator">As for <see cref="Sum"/>.</param>
    /// <returns>In double precision on the CPU.</returns>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong, a target is not in the vocabulary, or no token is left to
    /// be a candidate.</exception>
    public CompletionScores Scores(Tensor hidden, Tensor head, CompletionBatch batch, Generator? generator = null)
    {
        using var noGradient = no_grad();
        ScoredTokens tokens;
        using (NewDisposeScope())
            tokens = Score(hidden, head, batch, Draw(generator));
        return InShape(tokens, batch, areLeaves: false);
    }

    /// <summary>The loss with given draws: a function from their number to numbers in [0, 1).</summary>
    internal PreferenceSum SumOfDraws(Tensor hidden, Tensor head, CompletionBatch batch, Func<int, double[]>? draw)
    {
        if (Objective.NeedsPairs && !batch.IsPaired)
            throw new ArgumentException($"{Objective.GetType().Name} compares the completions of pairs: make the batch with CompletionBatch.Pairs.", nameof(batch));
        if (Objective.NeedsReference && batch.Reference is null)
            throw new ArgumentException($"{Objective.GetType().Name} needs the reference model's log-probabilities: set Reference.", nameof(batch));

        using var scope = NewDisposeScope();
        var tokens = Score(hidden, head, batch, draw);
        bool isDifferentiated = is_grad_enabled() && (hidden.requires_grad || head.requires_grad);
        var scores = InShape(tokens, batch, isDifferentiated);
        var sum = Objective.Sum(scores);
        double value = sum.Loss.ToDouble();
        var loss = isDifferentiated ? Differentiable(value, sum.Loss, tokens, scores) : tokens.Constant(value);
        return sum with
        {
            Loss = loss.MoveToOuterDisposeScope(),
            Losses = sum.Losses.detach().MoveToOuterDisposeScope(),
            Metrics = sum.Metrics.ToDictionary(m => m.Key, m => m.Value with { Sum = m.Value.Sum.detach().MoveToOuterDisposeScope() }),
        };
    }

    private static Func<int, double[]>? Draw(Generator? generator)
        => generator is null ? null : count => rand(count, dtype: ScalarType.Float64, generator: generator).data<double>().ToArray();

    private ScoredTokens Score(Tensor hidden, Tensor head, CompletionBatch batch, Func<int, double[]>? draw)
    {
        var tokens = new TokenBatch(hidden, head, batch.Targets, weights: null, ignoreIndex: -100);
        int vocabulary = checked((int)head.shape[0]);
        var contrasts = Objective.Contrast is { } contrast ? Contrasts(contrast, vocabulary, batch, draw) : null;
        return new(tokens, BlockRows ?? ChunkedHead.BlockRows(vocabulary), UseFusedKernel, contrasts);
    }

    private static Func<long[], TokenContrasts> Contrasts(CringeContrast contrast, int vocabulary, CompletionBatch batch, Func<int, double[]>? draw)
    {
        bool[] isExcluded = new bool[vocabulary];
        foreach (int id in contrast.ExcludedTokens)
        {
            if (id >= vocabulary)
                throw new ArgumentException($"Token {id} is excluded from the contrast; the token ids of this head run from 0 to {vocabulary - 1}.", nameof(batch));
            isExcluded[id] = true;
        }

        int left = isExcluded.Count(excluded => !excluded);
        if (left < 2)
            throw new ArgumentException($"Of {vocabulary} tokens {vocabulary - left} are excluded from the contrast; it needs at least two others.", nameof(batch));
        bool[] isDesired = batch.IsDesired.cpu().data<bool>().ToArray();
        long length = batch.Targets.shape[1];
        return places => new(
            [.. places.Select(place => !isDesired[place / length])],
            Math.Min(contrast.Candidates, Math.Min(left, vocabulary - 1)),
            contrast.ExcludedTokens.Count > 0 ? isExcluded : null,
            draw);
    }

    /// <summary>The scores as tensors in the shape of the batch.</summary>
    private static CompletionScores InShape(ScoredTokens tokens, CompletionBatch batch, bool areLeaves)
    {
        int count = checked((int)batch.Targets.numel());
        var (logProbabilities, contrasts, isToken) = (new double[count], new double[count], new bool[count]);
        for (int i = 0; i < tokens.Places.Length; i++)
        {
            isToken[tokens.Places[i]] = true;
            logProbabilities[tokens.Places[i]] = tokens.LogProbabilities[i];
            if (tokens.Contrasts?.Number(i) is >= 0 and int number)
                contrasts[tokens.Places[i]] = tokens.Contrasts.Values[number];
        }

        long[] shape = batch.Targets.shape;
        return new(tensor(logProbabilities, shape).requires_grad_(areLeaves), tensor(isToken, shape), batch.IsDesired.cpu(), batch.IsPaired)
        {
            Contrasts = tokens.Contrasts is null ? null : tensor(contrasts, shape).requires_grad_(areLeaves),
            Reference = Reference(batch),
            Divergence = batch.Divergence,
        };
    }

    private static Tensor? Reference(CompletionBatch batch)
    {
        if (batch.Reference is null)
            return null;
        TensorCheck.Require(
            batch.Reference, nameof(batch.Reference), $"floating point [{batch.Targets.shape[0]}]", t => t.is_floating_point() && t.dim() == 1 && t.shape[0] == batch.Targets.shape[0]);
        return batch.Reference.detach().to(ScalarType.Float64).cpu();
    }

    private Tensor Differentiable(double value, Tensor loss, ScoredTokens tokens, CompletionScores scores)
    {
        if (loss.requires_grad)
            loss.backward();
        double[]? byLogProbabilities = Gradient(scores.LogProbabilities), byContrasts = scores.Contrasts is null ? null : Gradient(scores.Contrasts);
        var byLogProbability = new double[tokens.Places.Length];
        var byContrast = new double[tokens.Contrasts?.Count ?? 0];
        for (int i = 0; i < tokens.Places.Length; i++)
        {
            byLogProbability[i] = byLogProbabilities?[tokens.Places[i]] ?? 0;
            if (tokens.Contrasts?.Number(i) is >= 0 and int number)
                byContrast[number] = byContrasts?[tokens.Places[i]] ?? 0;
        }

        return tokens.Differentiable(value, byLogProbability, byContrast, Objective.Contrast?.DetachPositives == true);

        // The accessor of a tensor without elements throws.
        static double[]? Gradient(Tensor leaf) => leaf.grad is not { } gradient ? null : gradient.numel() == 0 ? [] : gradient.contiguous().data<double>().ToArray();
    }
}
