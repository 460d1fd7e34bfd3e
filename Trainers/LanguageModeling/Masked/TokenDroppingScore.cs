using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>Which tokens the middle layers read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenDroppingScore>))]
public enum TokenDroppingScore
{
    /// <summary>Those that were hard to predict so far: a moving average of each token's losses, as in the papers.</summary>
    Loss,

    /// <summary>The rare ones, counted in the training data.</summary>
    Frequency,

    /// <summary>Any, others in each batch.</summary>
    Random,
}
