using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Decides which tokens the middle layers read, update by update, and learns how important tokens are.</summary>
internal sealed class TokenDropper
{
    private readonly DropPolicy _policy;
    private readonly TokenDroppingScore _score;
    private readonly float[] _frequencies;
    private readonly long _firstUpdate;
    private readonly long _endUpdate;
    private readonly List<int> _ids = [];
    private readonly List<float> _losses = [];

    /// <param name="options">How to drop.</param>
    /// <param name="rule">What is pinned and what is padding; its seed draws random scores.</param>
    /// <param name="counts">How often each token occurs in the training data.</param>
    /// <param name="updates">How many updates there will be.</param>
    /// <param name="importance">What was learned of each token before; null for nothing.</param>
    public TokenDropper(EncoderDroppingOptions options, DropRule rule, long[] counts, long updates, float[]? importance = null)
    {
        int padding = counts.Length;
        _policy = new DropPolicy(rule with { KeepRatio = options.KeepRatio, DeniedIds = [.. rule.DeniedIds, padding], PinnedOverflow = PinnedOverflow.KeepMore });
        _score = options.Score;
        // One id more than the vocabulary has: padding.
        _frequencies = DropPolicy.FrequencyTable([.. counts, 0]);
        Importance = new TokenImportance(counts.Length + 1, rule.PinnedIds, [.. rule.DeniedIds, padding], options.ImportanceDecay);
        if (importance is not null)
            Importance.Restore([.. importance, TokenImportance.DeniedValue]);
        (_firstUpdate, _endUpdate) = ((long)Math.Round(options.FullStart * updates), updates - (long)Math.Round(options.FullEnd * updates));
    }

    /// <summary>What was learned of each token, and of padding behind them.</summary>
    public TokenImportance Importance { get; }

    /// <summary>Which tokens the middle layers read; null when they read all in this update. In the caller's dispose scope.</summary>
    /// <param name="tokens">The batch, corrupted.</param>
    /// <param name="update">The number of the update, from 0.</param>
    /// <param name="batch">The number of the batch, which decides random scores.</param>
    /// <param name="device">Where the network is.</param>
    public TokenSelection? Select(CorruptedTokens tokens, long update, long batch, Device device)
    {
        if (update < _firstUpdate || update >= _endUpdate)
            return null;
        int rows = tokens.RowHashes.Length, keep = _policy.KeepCount(tokens.Inputs, tokens.Length);
        long[] selected = new long[rows * keep], unselected = new long[tokens.Inputs.Length - selected.Length];
        if (_score == TokenDroppingScore.Random)
            _policy.SelectRows(tokens.Inputs, tokens.Length, tokens.RowHashes, batch, selected, unselected);
        else
            _policy.SelectRows(tokens.Inputs, tokens.Length, _score == TokenDroppingScore.Loss ? Importance.Values : _frequencies, selected, unselected);
        return new TokenSelection(tensor(selected, [rows, keep], device: device), tensor(unselected, [rows, tokens.Length - keep], device: device));
    }

    /// <summary>Remembers the losses of a batch until the update, when anything is learned of them.</summary>
    public void Add(int[] targets, Tensor losses)
    {
        if (_score != TokenDroppingScore.Loss)
            return;
        using Tensor values = losses.to(ScalarType.Float32).cpu();
        _ids.AddRange(targets);
        _losses.AddRange(values.data<float>().ToArray());
    }

    /// <summary>Takes the update's losses into the importance. With a loss that is not finite it stays as it is: on some devices the loop sees that loss, and ends, only later.</summary>
    public void Update()
    {
        if (_losses.TrueForAll(float.IsFinite))
            Importance.Update([.. _ids], [.. _losses]);
        _ids.Clear();
        _losses.Clear();
    }

    public void SaveState(StepState state) => state.Tensors["importance"] = tensor(Importance.Values.ToArray());

    public void LoadState(StepState state) => Importance.Restore(state.Tensors["importance"].data<float>().ToArray());
}
