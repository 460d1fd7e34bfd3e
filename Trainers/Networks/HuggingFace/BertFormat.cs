using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>BERT: weights are stored outputs first, and queries, keys and values apart.</summary>
/// <remarks>The files of BertForPreTraining, BertForMaskedLM and BertModel are read. The head for masked tokens may be missing, and the
/// pooler: settings do not tell of it, the weights do. The head for the next sentence is passed over, since nothing is done with it here.</remarks>
internal sealed class BertFormat : IModelFormat<EncoderOptions>
{
    private const string Embedding = "embeddings.word_embeddings.weight";
    private const string Pooler = "pooler.";
    private const string Predictions = "cls.predictions.";

    private static readonly Dictionary<string, string> s_copies = new()
    {
        [Predictions + "decoder.weight"] = Embedding,
        [Predictions + "decoder.bias"] = Predictions + "bias",
    };

    private static readonly Dictionary<string, bool> s_positions = new() { ["absolute"] = true };

    public string ModelType => "bert";

    public string Prefix => "bert.";

    public IReadOnlyList<string> OptionalParts { get; } = [Pooler, Predictions];

    public EncoderOptions ReadConfig(ModelConfig config, IEnumerable<string> weights)
    {
        config.Only("is_decoder", false);
        config.Only("add_cross_attention", false);
        config.Only("tie_word_embeddings", true);
        config.Choice("position_embedding_type", "absolute", s_positions);
        // Dropout of attention weights and of another head, and settings of the first release that nothing reads.
        config.Ignore(
            "attention_probs_dropout_prob", "classifier_dropout", "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type");
        return new EncoderOptions(
            config.Count("vocab_size"),
            config.Count("max_position_embeddings"),
            new TransformerOptions(
                config.Count("hidden_size"),
                config.Count("num_hidden_layers"),
                config.Count("num_attention_heads"),
                config.Count("intermediate_size"),
                Norm: NormPlacement.Post,
                Dropout: config.Number("hidden_dropout_prob", 0.1),
                Activation: config.Choice("hidden_act", "gelu", ActivationNames.All),
                NormEpsilon: config.Number("layer_norm_eps", 1e-12),
                InitialDeviation: config.Number("initializer_range", 0.02)),
            config.OptionalCount("type_vocab_size") ?? 2,
            HasPooler: weights.Any(name => name is "pooler.dense.weight" or "bert.pooler.dense.weight"));
    }

    public JsonObject? WriteConfig(EncoderOptions options)
    {
        TransformerOptions blocks = options.Transformer;
        var fits = new TransformerOptions(
            blocks.Width, blocks.Layers, blocks.Heads, blocks.FeedForwardWidth, Norm: NormPlacement.Post, Dropout: blocks.Dropout, Activation: blocks.Activation, NormEpsilon: blocks.NormEpsilon, InitialDeviation: blocks.InitialDeviation);
        if (blocks != fits || !options.HasEmbeddingNorm || options.HasLocalStem)
            return null;
        return new JsonObject
        {
            ["architectures"] = new JsonArray("BertForMaskedLM"),
            ["attention_probs_dropout_prob"] = 0.0,
            ["hidden_act"] = ActivationNames.Of(blocks.Activation),
            ["hidden_dropout_prob"] = blocks.Dropout,
            ["hidden_size"] = blocks.Width,
            ["initializer_range"] = blocks.InitialDeviation ?? 0.02,
            ["intermediate_size"] = blocks.HiddenWidth,
            ["layer_norm_eps"] = blocks.NormEpsilon,
            ["max_position_embeddings"] = options.ContextLength,
            ["model_type"] = ModelType,
            ["num_attention_heads"] = blocks.Heads,
            ["num_hidden_layers"] = blocks.Layers,
            ["position_embedding_type"] = "absolute",
            ["tie_word_embeddings"] = true,
            ["type_vocab_size"] = options.TokenTypes,
            ["vocab_size"] = options.VocabularySize,
        };
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Weights(EncoderOptions options, IReadOnlyDictionary<string, Tensor> ours)
    {
        int width = options.Transformer.Width;
        return
        [
            new(Embedding, ours["tokens"]),
            new("embeddings.position_embeddings.weight", ours["positions"]),
            new("embeddings.token_type_embeddings.weight", ours["types"]),
            .. Norm(ours, "embeddings.LayerNorm", "norm"),
            .. Enumerable.Range(0, options.Transformer.Layers).SelectMany(layer => Layer(options.Transformer, ours, $"encoder.layer.{layer}.", $"transformer.blocks.{layer}.")),
            .. options.HasPooler ? LinearParts.Of(ours, "pooler", (Pooler + "dense", width)) : [],
            .. LinearParts.Of(ours, "prediction", (Predictions + "transform.dense", width)),
            .. Norm(ours, Predictions + "transform.LayerNorm", "predictionNorm"),
            new(Predictions + "bias", ours["headBias"]),
        ];
    }

    public IReadOnlyDictionary<string, string> Copies(EncoderOptions options) => s_copies;

    public bool IsHead(string name) => name.StartsWith(Predictions, StringComparison.Ordinal);

    public bool IsIgnored(string name) => name == "embeddings.position_ids" || name.StartsWith("cls.seq_relationship.", StringComparison.Ordinal);

    public string Modern(string name) => name
        .Replace("LayerNorm.gamma", "LayerNorm.weight", StringComparison.Ordinal)
        .Replace("LayerNorm.beta", "LayerNorm.bias", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, Tensor>> Layer(TransformerOptions blocks, IReadOnlyDictionary<string, Tensor> ours, string their, string our) =>
    [
        .. LinearParts.Of(
            ours, our + "attention.input", (their + "attention.self.query", blocks.QueryWidth), (their + "attention.self.key", blocks.KeyWidth), (their + "attention.self.value", blocks.KeyWidth)),
        .. LinearParts.Of(ours, our + "attention.output", (their + "attention.output.dense", blocks.Width)),
        .. Norm(ours, their + "attention.output.LayerNorm", our + "attentionNorm"),
        .. LinearParts.Of(ours, our + "feedForward.input", (their + "intermediate.dense", blocks.HiddenWidth)),
        .. LinearParts.Of(ours, our + "feedForward.output", (their + "output.dense", blocks.Width)),
        .. Norm(ours, their + "output.LayerNorm", our + "feedForwardNorm"),
    ];

    private static IEnumerable<KeyValuePair<string, Tensor>> Norm(IReadOnlyDictionary<string, Tensor> ours, string their, string our) =>
        [new(their + ".weight", ours[our + ".weight"]), new(their + ".bias", ours[our + ".bias"])];
}
