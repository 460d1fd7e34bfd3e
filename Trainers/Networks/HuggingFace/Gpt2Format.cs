using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>GPT-2: weights are stored inputs first, as here, so that nothing is transposed.</summary>
internal sealed class Gpt2Format : DecoderFormat
{
    private static readonly (string Theirs, string Ours)[] s_layer =
    [
        ("ln_1", "attentionNorm"), ("attn.c_attn", "attention.input"), ("attn.c_proj", "attention.output"),
        ("ln_2", "feedForwardNorm"), ("mlp.c_fc", "feedForward.input"), ("mlp.c_proj", "feedForward.output"),
    ];

    public override string ModelType => "gpt2";

    public override string Prefix => "transformer.";

    protected override string Embedding => "wte.weight";

    public override DecoderOptions ReadConfig(ModelConfig config, IEnumerable<string> weights)
    {
        config.Only("scale_attn_weights", true);
        config.Only("scale_attn_by_inverse_layer_idx", false);
        config.Only("add_cross_attention", false);
        // The summary is another head's; upcasting matters in half precision alone; attention weights are not dropped here.
        config.Ignore("n_ctx", "reorder_and_upcast_attn", "attn_pdrop", "embd_pdrop", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj");
        return new DecoderOptions(
            config.Count("vocab_size"),
            config.Count("n_positions"),
            new TransformerOptions(
                config.Count("n_embd"),
                config.Count("n_layer"),
                config.Count("n_head"),
                config.OptionalCount("n_inner"),
                IsCausal: true,
                Dropout: config.Number("resid_pdrop", 0.1),
                Activation: config.Choice("activation_function", "gelu_new", ActivationNames.All),
                NormEpsilon: config.Number("layer_norm_epsilon", 1e-5),
                InitialDeviation: config.Number("initializer_range", 0.02)),
            HasLearnedPositions: true,
            IsHeadTied: config.Flag("tie_word_embeddings", true));
    }

    public override JsonObject? WriteConfig(DecoderOptions options)
    {
        TransformerOptions blocks = options.Transformer;
        var fits = new TransformerOptions(
            blocks.Width, blocks.Layers, blocks.Heads, blocks.FeedForwardWidth, IsCausal: true, Dropout: blocks.Dropout, Activation: blocks.Activation, NormEpsilon: blocks.NormEpsilon, InitialDeviation: blocks.InitialDeviation);
        if (blocks != fits || !options.HasLearnedPositions)
            return null;
        return new JsonObject
        {
            ["activation_function"] = ActivationNames.Of(blocks.Activation),
            ["architectures"] = new JsonArray("GPT2LMHeadModel"),
            ["attn_pdrop"] = 0.0,
            ["embd_pdrop"] = blocks.Dropout,
            ["initializer_range"] = options.EmbeddingDeviation,
            ["layer_norm_epsilon"] = blocks.NormEpsilon,
            ["model_type"] = ModelType,
            ["n_embd"] = blocks.Width,
            ["n_head"] = blocks.Heads,
            ["n_inner"] = blocks.FeedForwardWidth,
            ["n_layer"] = blocks.Layers,
            ["n_positions"] = options.ContextLength,
            ["resid_pdrop"] = blocks.Dropout,
            ["tie_word_embeddings"] = options.IsHeadTied,
            ["vocab_size"] = options.VocabularySize,
        };
    }

    public override bool IsIgnored(string name) => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    protected override IEnumerable<KeyValuePair<string, Tensor>> BareWeights(DecoderOptions options, IReadOnlyDictionary<string, Tensor> ours)
    {
        yield return new(Embedding, ours["tokens"]);
        yield return new("wpe.weight", ours["positions"]);
        for (int layer = 0; layer < options.Transformer.Layers; layer++)
        {
            foreach ((string theirs, string our) in s_layer)
            {
                foreach (string kind in new[] { "weight", "bias" })
                    yield return new($"h.{layer}.{theirs}.{kind}", ours[$"transformer.blocks.{layer}.{our}.{kind}"]);
            }
        }

        yield return new("ln_f.weight", ours["transformer.norm.weight"]);
        yield return new("ln_f.bias", ours["transformer.norm.bias"]);
    }
}
