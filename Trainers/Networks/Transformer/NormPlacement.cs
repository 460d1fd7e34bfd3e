using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>Where a transformer block normalises.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NormPlacement>))]
internal enum NormPlacement
{
    /// <summary>The input of each sublayer, and once more behind the last block: x + f(LN(x)) (arXiv 2002.04745).</summary>
    Pre,

    /// <summary>The sum with each sublayer's output: LN(x + f(x)) (arXiv 1706.03762).</summary>
    Post,
}
