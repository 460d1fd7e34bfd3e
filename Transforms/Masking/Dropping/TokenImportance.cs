using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MLNetExt.Masking;

/// <summary>How hard each token is to predict, as a moving average of its losses: the scores of token dropping (Hou et al., arXiv 2203.13240).</summary>
/// <remarks>Not thread-safe while it is updated. The table is the whole state: save <see cref="Values"/>, and <see cref="Restore"/> them.</remarks>
public sealed class TokenImportance
{
    /// <summary>The importance of an id that was never predicted, above the usual loss: rare tokens are kept.</summary>
    public const float InitialValue = 10;

    /// <summary>The importance of a pinned id.</summary>
    public const float PinnedValue = 1e4f;

    /// <summary>The importance of a denied id.</summary>
    public const float DeniedValue = -1e4f;

    private readonly float[] _values;
    private readonly double[] _sums;
    private readonly double[] _totals;
    private readonly IReadOnlyList<int> _pinnedIds;
    private readonly IReadOnlyList<int> _deniedIds;

    /// <summary>Makes a table of which nothing is learned.</summary>
    /// <param name="vocabularySize">How many ids there are.</param>
    /// <param name="pinnedIds">The ids that have and keep <see cref="PinnedValue"/>; null for none.</param>
    /// <param name="deniedIds">The ids that have and keep <see cref="DeniedValue"/>; null for none.</param>
    /// <param name="decay">How much of the old importance stays at each update; in [0, 1]. 0.995 in Hou et al., 0.95 in ScTD.</param>
    /// <param name="mode">What counts when an id is predicted several times in one update.</param>
    /// <exception cref="ArgumentException">A number is out of range, or an id is outside the vocabulary.</exception>
    public TokenImportance(
        int vocabularySize, IReadOnlyList<int>? pinnedIds = null, IReadOnlyList<int>? deniedIds = null, double decay = 0.995, ImportanceMode mode = ImportanceMode.Mean)
    {
        TokenIds.CheckedSize(vocabularySize, nameof(vocabularySize));
        if (decay is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must lie in [0, 1].");
        (Decay, Mode) = (decay, mode);
        (_pinnedIds, _deniedIds) = ([.. pinnedIds ?? []], [.. deniedIds ?? []]);
        foreach (int id in _pinnedIds.Concat(_deniedIds))
        {
            if (id < 0 || id >= vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(pinnedIds), id, $"The id {id} is pinned or denied, but ids lie in [0, {vocabularySize}).");
        }
        (_values, _sums, _totals) = (new float[vocabularySize], new double[vocabularySize], new double[vocabularySize]);
        _values.AsSpan().Fill(InitialValue);
        Pin();
    }

    /// <summary>The importance of each id, up to date at any time.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>How much of the old importance stays at each update.</summary>
    public double Decay { get; }

    /// <summary>What counts when an id is predicted several times in one update.</summary>
    public ImportanceMode Mode { get; }

    /// <summary>Takes one step: <c>importance = decay * importance + (1 - decay) * loss</c>, once for each id however often it is predicted. Pinned and denied ids stay as they are.</summary>
    /// <param name="ids">The ids that were to be predicted, which are the labels and not what the model read.</param>
    /// <param name="losses">The loss of each.</param>
    /// <param name="weights">The weight of each, from 0, with which the slot is not looked at; empty for 1.</param>
    /// <exception cref="ArgumentException">The lengths differ; an id is outside the vocabulary; a loss is not finite; or a weight is negative or not finite. Nothing is changed then.</exception>
    public void Update(ReadOnlySpan<int> ids, ReadOnlySpan<float> losses, ReadOnlySpan<float> weights = default)
    {
        if (losses.Length != ids.Length || (!weights.IsEmpty && weights.Length != ids.Length))
            throw new ArgumentException($"There are {losses.Length} losses and {weights.Length} weights for {ids.Length} ids.", nameof(losses));
        for (int i = 0; i < ids.Length; i++)
        {
            if (!weights.IsEmpty && (!float.IsFinite(weights[i]) || weights[i] < 0))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], $"The weight of slot {i} must be a number from 0.");
            if (!weights.IsEmpty && weights[i] == 0)
                continue;
            if ((uint)ids[i] >= (uint)_values.Length)
                throw new ArgumentOutOfRangeException(nameof(ids), ids[i], $"The id of slot {i} is outside the vocabulary: ids lie in [0, {_values.Length}).");
            if (!float.IsFinite(losses[i]))
                throw new ArgumentOutOfRangeException(nameof(losses), losses[i], $"The loss of slot {i}, of the id {ids[i]}, is not finite.");
        }
        ImportanceUpdate.Apply(_values, ids, losses, weights, Decay, Mode, _sums, _totals);
        Pin();
    }

    /// <summary>Takes up a table that was saved. Pinned and denied ids keep their values.</summary>
    /// <exception cref="ArgumentException">There is not one finite value for each id.</exception>
    public void Restore(ReadOnlySpan<float> values)
    {
        if (values.Length != _values.Length || !TensorPrimitives.IsFiniteAll(values))
            throw new ArgumentException($"{values.Length} values are not one finite number for each of {_values.Length} ids.", nameof(values));
        values.CopyTo(_values);
        Pin();
    }

    private void Pin()
    {
        foreach (int id in _pinnedIds)
            _values[id] = PinnedValue;
        foreach (int id in _deniedIds)
            _values[id] = DeniedValue;
    }
}
