using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>Where an encoder's blocks normalise.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EncoderFamily>))]
public enum EncoderFamily
{
    /// <summary>Behind each sublayer and behind the embeddings, as in BERT (arXiv 1810.04805): can be saved for Hugging Face. Deep ones need a warm-up.</summary>
    Bert,

    /// <summary>Before each sublayer and behind the last (arXiv 2002.04745): trains at higher rates and without warm-up.</summary>
    PreNorm,
}
