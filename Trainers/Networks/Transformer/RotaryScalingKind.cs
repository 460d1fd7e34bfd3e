using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>How rotary positions are stretched to a longer context than a network was first trained on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RotaryScalingKind>))]
internal enum RotaryScalingKind
{
    /// <summary>All frequencies are divided by the factor (arXiv 2306.15595).</summary>
    Linear,

    /// <summary>Slow frequencies are divided by the factor, fast ones stay, those between are blended, as in Llama 3.1 (arXiv 2407.21783).</summary>
    Llama3,
}
