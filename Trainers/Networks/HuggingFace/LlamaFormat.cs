using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Llama: weights are stored outputs first, and the projections that are one here are apart.</summary>
internal sealed class LlamaFormat : DecoderFormat
{
    public override string ModelType => "llama";

    public override string Prefix => "model.";

    protected override string Embedding => "embed_tokens.weight";

    public override DecoderOptions ReadConfig(ModelConfig config, IEnumerable<string> weights)
    {
        // How training cut its products, marks of other tools, and the dropout of attention weights, which are not dropped here.
        config.Ignore("pretraining_tp", "attention_dropout", "is_llama_config", "unsloth_fixed", "unsloth_version");
        config.Only("rope_interleaved", false);
        (double theta, RotaryScaling? scaling) = RotaryConfig.Read(config);
        bool attentionBias = config.Flag("attention_bias", false);
        return new DecoderOptions(
            config.Count("vocab_size"),
            config.Count("max_position_embeddings"),
            new TransformerOptions(
                config.Count("hidden_size"),
                config.Count("num_hidden_layers"),
                config.Count("num_attention_heads"),
                config.Count("intermediate_size"),
                IsCausal: true,
                RotaryTheta: theta,
                Activation: config.Choice("hidden_act", "silu", ActivationNames.All),
                NormKind: NormKind.Rms,
                NormEpsilon: config.Number("rms_norm_eps", 1e-6),
                KeyValueHeads: config.OptionalCount("num_key_value_heads"),
                HeadWidth: config.OptionalCount("head_dim"),
                IsGated: true,
                AttentionInputBias: attentionBias,
                AttentionOutputBias: attentionBias,
                FeedForwardBias: config.Flag("mlp_bias", false),
                RotaryScaling: scaling,
                InitialDeviation: config.Number("initializer_range", 0.02)),
            HasLearnedPositions: false,
            IsHeadTied: config.Flag("tie_word_embeddings", false));
    }

    public override JsonObject? WriteConfig(DecoderOptions options)
    {
        TransformerOptions blocks = options.Transformer;
        bool fits = !options.HasLearnedPositions && blocks is { IsCausal: true, Norm: NormPlacement.Pre, NormKind: NormKind.Rms, IsGated: true, RotaryTheta: not null }
            && blocks.AttentionInputBias == blocks.AttentionOutputBias;
        if (!fits)
            return null;
        return new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = blocks.AttentionInputBias,
            ["attention_dropout"] = 0.0,
            ["head_dim"] = blocks.HeadWidth,
            ["hidden_act"] = ActivationNames.Of(blocks.Activation),
            ["hidden_size"] = blocks.Width,
            ["initializer_range"] = options.EmbeddingDeviation,
            ["intermediate_size"] = blocks.HiddenWidth,
            ["max_position_embeddings"] = options.ContextLength,
            ["mlp_bias"] = blocks.FeedForwardBias,
            ["model_type"] = ModelType,
            ["num_attention_heads"] = blocks.Heads,
            ["num_hidden_layers"] = blocks.Layers,
            ["num_key_value_heads"] = blocks.KeyValueHeads,
            ["rms_norm_eps"] = blocks.NormEpsilon,
            ["rope_scaling"] = blocks.RotaryScaling is { } scaling ? RotaryConfig.Write(scaling) : null,
            ["rope_theta"] = blocks.RotaryTheta,
            ["tie_word_embeddings"] = options.IsHeadTied,
            ["vocab_size"] = options.VocabularySize,
        };
    }

    public override bool IsIgnored(string name) => name.Contains("rotary_emb.", StringComparison.Ordinal);

    protected override IEnumerable<KeyValuePair<string, Tensor>> BareWeights(DecoderOptions options, IReadOnlyDictionary<string, Tensor> ours)
    {
        TransformerOptions blocks = options.Transformer;
        yield return new(Embedding, ours["tokens"]);
        for (int layer = 0; layer < blocks.Layers; layer++)
        {
            string their = $"layers.{layer}.", our = $"transformer.blocks.{layer}.";
            yield return new(their + "input_layernorm.weight", ours[our + "attentionNorm.weight"]);
            yield return new(their + "post_attention_layernorm.weight", ours[our + "feedForwardNorm.weight"]);
            IEnumerable<KeyValuePair<string, Tensor>> projections =
            [
                .. LinearParts.Of(ours, our + "attention.input", (their + "self_attn.q_proj", blocks.QueryWidth), (their + "self_attn.k_proj", blocks.KeyWidth), (their + "self_attn.v_proj", blocks.KeyWidth)),
                .. LinearParts.Of(ours, our + "attention.output", (their + "self_attn.o_proj", blocks.Width)),
                .. LinearParts.Of(ours, our + "feedForward.input", (their + "mlp.gate_proj", blocks.HiddenWidth), (their + "mlp.up_proj", blocks.HiddenWidth)),
                .. LinearParts.Of(ours, our + "feedForward.output", (their + "mlp.down_proj", blocks.Width)),
            ];
            foreach (KeyValuePair<string, Tensor> projection in projections)
                yield return projection;
        }

        yield return new("norm.weight", ours["transformer.norm.weight"]);
    }
}
