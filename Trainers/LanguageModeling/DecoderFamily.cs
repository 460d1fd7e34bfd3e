using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>The families of decoder-only transformers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DecoderFamily>))]
public enum DecoderFamily
{
    /// <summary>Learned positions, LayerNorm, GELU, biases (Radford et al., 2019).</summary>
    Gpt2,

    /// <summary>Rotary positions, RMSNorm, SwiGLU, grouped-query attention, no biases (arXiv 2302.13971).</summary>
    Llama,
}
