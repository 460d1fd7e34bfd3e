using System.Runtime.InteropServices;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Continuations that grow side by side, a token each in a step. Keys and values of what was read are kept.</summary>
internal sealed class GenerationBatch : IDisposable
{
    private readonly DecoderNetwork _network;
    private readonly KeyValueCache _cache;
    private List<Continuation> _live;
    private Tensor _next;
    private Tensor? _isToken;

    /// <param name="network">The model's network, in evaluation mode.</param>
    /// <param name="prompts">The prompts, none of them empty.</param>
    /// <param name="continuations">Theirs.</param>
    public GenerationBatch(DecoderNetwork network, IReadOnlyList<int[]> prompts, IReadOnlyList<Continuation> continuations)
    {
        _network = network;
        _live = [.. continuations];
        _cache = network.NewCache();
        using var scope = NewDisposeScope();
        (Tensor ids, Tensor? isToken) = PaddedTokens.AtFront(prompts);
        _next = ids.DetachFromDisposeScope();
        _isToken = isToken?.DetachFromDisposeScope();
    }

    /// <summary>Adds a token to each continuation that is not finished.</summary>
    /// <returns>Whether any is left.</returns>
    public bool Step()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor hidden = _network.Hidden(_next, _isToken, cache: _cache);
        Tensor logits = _network.Logits(hidden.select(1, -1)).contiguous();
        Span<float> values = MemoryMarshal.Cast<byte, float>(logits.bytes);
        int width = (int)logits.shape[1];
        for (int row = 0; row < _live.Count; row++)
            _live[row].Add(values.Slice(row * width, width));
        return GoOn();
    }

    public void Dispose()
    {
        _cache.Dispose();
        _next.Dispose();
        _isToken?.Dispose();
    }

    /// <summary>Leaves what is finished, and makes the last tokens of the others the next to be read.</summary>
    private bool GoOn()
    {
        _next.Dispose();
        _isToken?.Dispose();
        _isToken = null;
        long[] rows = [.. Enumerable.Range(0, _live.Count).Where(row => !_live[row].IsFinished).Select(row => (long)row)];
        if (rows.Length > 0 && rows.Length < _live.Count)
            _cache.SelectRows(tensor(rows));
        _live = [.. rows.Select(row => _live[(int)row])];
        _next = tensor(_live.Select(c => (long)c.Tokens[^1]).ToArray()).unsqueeze(1).DetachFromDisposeScope();
        return _live.Count > 0;
    }
}
