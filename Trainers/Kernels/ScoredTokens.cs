using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The log-probabilities of tokens and the contrasts of some, and the way back from their gradients.</summary>
/// <remarks>The logits are computed twice, a block at a time: once for the scores, and once for the gradient of those tokens whose
/// log-probability has one. The gradient by a contrast has two logits, and needs none.</remarks>
internal sealed class ScoredTokens
{
    private readonly TokenBatch _batch;
    private readonly TokenTargets _targets;
    private readonly Tensor _hidden;
    private readonly int _blockRows;
    private readonly bool _useFusedKernel;

    /// <summary>Computes the scores.</summary>
    /// <param name="batch">Hidden states, head and targets.</param>
    /// <param name="blockRows">Rows of logits in a block.</param>
    /// <param name="useFusedKernel">Whether the CPU may use the fused kernels.</param>
    /// <param name="contrasts">Makes room for the contrasts of the tokens in these places; null for none.</param>
    public ScoredTokens(TokenBatch batch, int blockRows, bool useFusedKernel, Func<long[], TokenContrasts>? contrasts)
    {
        (_batch, _targets, _blockRows, _useFusedKernel) = (batch, batch.Kept(), blockRows, useFusedKernel);
        _hidden = _targets.Select(batch.Hidden);
        Contrasts = contrasts?.Invoke(Places);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var losses = _hidden.new_empty(_targets.Ids.Length);
        var rows = _targets.CrossEntropy(losses.device, useFusedKernel, losses);
        if (Contrasts is not null)
            rows = rows is FusedTokenLosses ? new FusedContrasts(Contrasts, _targets, rows) : new TorchContrasts(Contrasts, _targets, rows);
        ChunkedHead.Evaluate(_hidden, batch.Head, blockRows, rows);
        LogProbabilities = losses.neg().to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>The place of each token in the batch, row by row.</summary>
    public long[] Places => _targets.Rows;

    /// <summary>The log-probability of each token.</summary>
    public double[] LogProbabilities { get; }

    /// <summary>The contrasts; null when there are none.</summary>
    public TokenContrasts? Contrasts { get; }

    /// <summary>A loss without gradient.</summary>
    public Tensor Constant(double value) => tensor(value, dtype: _hidden.dtype, device: _hidden.device);

    /// <summary>A loss of the scores, in the autograd graph of hidden states and head.</summary>
    /// <param name="value">The loss.</param>
    /// <param name="byLogProbability">Its gradient by each token's log-probability.</param>
    /// <param name="byContrast">Its gradient by each contrast.</param>
    /// <param name="detachPositives">Whether none flows into the logits that tokens are held against.</param>
    public Tensor Differentiable(double value, double[] byLogProbability, double[] byContrast, bool detachPositives)
    {
        var (hidden, head) = Dense(byLogProbability);
        if (Contrasts is not null)
            AddContrasts(hidden, head, byContrast, detachPositives);
        return PrecomputedLoss.Attach(Constant(value), (_hidden, hidden), (_batch.Head, head));
    }

    /// <summary>The gradients through the log-probabilities, each null when its side is not differentiated.</summary>
    private (Tensor? Hidden, Tensor? Head) Dense(double[] byLogProbability)
    {
        int[] rows = [.. Enumerable.Range(0, byLogProbability.Length).Where(row => byLogProbability[row] != 0)];
        var targets = new TokenTargets(
            [.. rows.Select(row => (long)row)], [.. rows.Select(row => _targets.Ids[row])], [.. rows.Select(row => -byLogProbability[row])]);
        var kernel = targets.CrossEntropy(_hidden.device, _useFusedKernel);
        var (hidden, head) = ProductBlocks.Gradients(
            targets.Select(_hidden), _batch.Head, _blockRows, (logits, start) => kernel.Run(logits, start, wantsGradient: true));
        if (hidden is not null && rows.Length < byLogProbability.Length)
            hidden = zeros_like(_hidden, requires_grad: false).index_copy_(0, tensor(targets.Rows, device: hidden.device), hidden);
        return (hidden, head);
    }

    private void AddContrasts(Tensor? hidden, Tensor? head, double[] byContrast, bool detachPositives)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var entries = ByLogits(byContrast, detachPositives).ToArray();
        var rows = tensor(entries.Select(e => (long)e.Row).ToArray(), device: _hidden.device);
        var tokens = tensor(entries.Select(e => (long)e.Token).ToArray(), device: _hidden.device);
        var values = tensor(entries.Select(e => e.Value).ToArray(), dtype: _hidden.dtype, device: _hidden.device).unsqueeze(1);
        hidden?.AddAtInPlace(rows, _batch.Head.index_select(0, tokens).mul_(values));
        head?.AddAtInPlace(tokens, _hidden.index_select(0, rows).mul_(values));
    }

    /// <summary>The gradient of the contrasts by the logits: 0 but for a few tokens of each contrasted row.</summary>
    private IEnumerable<(int Row, int Token, double Value)> ByLogits(double[] byContrast, bool detachPositives)
    {
        for (int row = 0; row < _targets.Ids.Length; row++)
        {
            int number = Contrasts!.Number(row);
            if (number < 0 || byContrast[number] == 0)
                continue;
            double own = 0;
            for (int i = number * Contrasts.PerToken; i < (number + 1) * Contrasts.PerToken; i++)
            {
                double slope = byContrast[number] * Contrasts.Slopes[i];
                own += slope;
                if (!detachPositives)
                    yield return (row, Contrasts.Ids[i], -slope);
            }

            yield return (row, _targets.Ids[row], own);
        }
    }
}
