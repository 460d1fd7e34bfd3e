using MLNetExt.Networks;
using MLNetExt.Sequences;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>What a network says may follow the beams of one prompt; keys and values of what was read follow the beams.</summary>
internal sealed class CachedBeams(DecoderNetwork network, int[] prompt) : IDisposable
{
    private readonly KeyValueCache _cache = network.NewCache();

    /// <summary>The log-probabilities of all tokens to follow each beam.</summary>
    public IReadOnlyList<double[]> Next(IReadOnlyList<Beam> beams)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor ids;
        if (_cache.Length == 0)
        {
            ids = tensor(prompt.Select(id => (long)id).ToArray()).unsqueeze(0);
        }
        else
        {
            _cache.SelectRows(tensor(beams.Select(beam => (long)beam.Parent).ToArray()));
            ids = tensor(beams.Select(beam => (long)beam.Tokens[^1]).ToArray()).unsqueeze(1);
        }

        Tensor scores = network.Logits(network.Hidden(ids, cache: _cache).select(1, -1)).log_softmax(-1, ScalarType.Float64);
        int vocabulary = (int)scores.shape[1];
        return [.. scores.data<double>().ToArray().Chunk(vocabulary)];
    }

    public void Dispose() => _cache.Dispose();
}
