using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>What the families of decoders have in common: a head of their own or the token embedding's, beside the bare model.</summary>
internal abstract class DecoderFormat : IModelFormat<DecoderOptions>
{
    private const string Head = "lm_head.weight";

    public abstract string ModelType { get; }

    public abstract string Prefix { get; }

    public IReadOnlyList<string> OptionalParts => [];

    /// <summary>The name of the token embedding.</summary>
    protected abstract string Embedding { get; }

    public abstract DecoderOptions ReadConfig(ModelConfig config, IEnumerable<string> weights);

    public abstract JsonObject? WriteConfig(DecoderOptions options);

    public IEnumerable<KeyValuePair<string, Tensor>> Weights(DecoderOptions options, IReadOnlyDictionary<string, Tensor> ours) =>
        options.IsHeadTied ? BareWeights(options, ours) : BareWeights(options, ours).Append(new(Head, ours["head"]));

    public IReadOnlyDictionary<string, string> Copies(DecoderOptions options) =>
        options.IsHeadTied ? new Dictionary<string, string> { [Head] = Embedding } : [];

    public bool IsHead(string name) => name == Head;

    public abstract bool IsIgnored(string name);

    public string Modern(string name) => name;

    /// <summary>The weights without the head's.</summary>
    protected abstract IEnumerable<KeyValuePair<string, Tensor>> BareWeights(DecoderOptions options, IReadOnlyDictionary<string, Tensor> ours);
}
