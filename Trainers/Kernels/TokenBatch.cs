using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Checked hidden states, head and targets of a language model. Half precision has become single precision.</summary>
internal sealed class TokenBatch
{
    private readonly RowTargets _targets;

    /// <summary>Checks a batch. The tensors made here belong to the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">A shape, element type, device, target or weight is wrong.</exception>
    public TokenBatch(Tensor hidden, Tensor head, Tensor targets, Tensor? weights, long ignoreIndex)
    {
        CheckMatrices(hidden, head);
        CheckRows(targets, "targets", hidden);
        if (targets.dtype != ScalarType.Int64)
            throw new ArgumentException($"targets are {targets.dtype}; they must be int64 token ids.", nameof(targets));
        if (weights is not null)
            CheckRows(weights, "weights", hidden);
        if (weights is not null && !weights.is_floating_point() && weights.dtype != ScalarType.Bool)
            throw new ArgumentException($"weights are {weights.dtype}; they must be floating point, or bool: true for the tokens to learn from.", nameof(weights));
        Hidden = Single(hidden).reshape(-1, hidden.shape[^1]);
        Head = Single(head);
        _targets = new(
            targets.reshape(-1), weights?.detach().reshape(-1), checked((int)head.shape[0]), "the token ids of this head", ignoreIndex);
    }

    /// <summary><c>[n, d]</c>.</summary>
    public Tensor Hidden { get; }

    /// <summary><c>[V, d]</c>.</summary>
    public Tensor Head { get; }

    /// <summary>The valid tokens of positive weight.</summary>
    public TokenTargets Kept() => Where(row => Weight(row) > 0);

    /// <summary>The valid tokens of weight 0; counting 1 each.</summary>
    public TokenTargets Dropped() => Where(row => Weight(row) == 0) with { Weights = null };

    private static Tensor Single(Tensor values)
        => values.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? values.to(ScalarType.Float32) : values;

    private static void CheckMatrices(Tensor hidden, Tensor head)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(head);
        if (hidden.dim() < 2 || !hidden.is_floating_point())
            throw new ArgumentException($"hidden is {Describe(hidden)}; it must be floating point [n, d] or [..., d].", nameof(hidden));
        if (head.dim() != 2 || !head.is_floating_point() || head.shape[0] == 0)
            throw new ArgumentException($"head is {Describe(head)}; it must be floating point [V, d], V at least 1.", nameof(head));
        if (head.shape[1] != hidden.shape[^1])
            throw new ArgumentException($"hidden is {Describe(hidden)}, head is {Describe(head)}; their last dimensions must be equal.", nameof(head));
        if (head.dtype != hidden.dtype)
            throw new ArgumentException($"hidden is {Describe(hidden)}, head is {Describe(head)}; convert one, so that both have the same element type.", nameof(head));
        if (head.device_type != hidden.device_type || head.device_index != hidden.device_index)
            throw new ArgumentException($"hidden is on {hidden.device}, head on {head.device}; move them to one device.", nameof(head));
    }

    private static void CheckRows(Tensor rows, string name, Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        long[] shape = [.. hidden.shape.SkipLast(1)];
        if (!rows.shape.SequenceEqual(shape))
            throw new ArgumentException($"{name} are {Describe(rows)}; for hidden {Describe(hidden)} the shape must be [{string.Join(", ", shape)}].", name);
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private double Weight(int row) => _targets.Weights?[row] ?? 1;

    private TokenTargets Where(Func<int, bool> isWanted)
    {
        int[] rows = [.. Enumerable.Range(0, _targets.Ids.Length).Where(row => _targets.Ids[row] >= 0 && isWanted(row))];
        return new(
            [.. rows.Select(row => (long)row)],
            [.. rows.Select(row => _targets.Ids[row])],
            _targets.Weights is { } weights ? [.. rows.Select(row => weights[row])] : null);
    }
}
