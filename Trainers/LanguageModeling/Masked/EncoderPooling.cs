using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>How an encoder's vectors of a row's tokens become one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EncoderPooling>))]
public enum EncoderPooling
{
    /// <summary>The mean over the row's tokens, padding left out.</summary>
    Mean,

    /// <summary>The vector of the first token that is not padding, [CLS] in BERT.</summary>
    FirstToken,
}
