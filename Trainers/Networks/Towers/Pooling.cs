using System.Text.Json.Serialization;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>How a row's token vectors become one vector.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Pooling>))]
internal enum Pooling
{
    /// <summary>The mean of the tokens, padding left out.</summary>
    Mean,

    /// <summary>The first token's vector.</summary>
    First,

    /// <summary>The last token's vector.</summary>
    Last,
}

internal static class Poolings
{
    /// <summary>Float32 <c>[rows, length, width]</c> to <c>[rows, width]</c>.</summary>
    /// <param name="pooling">How.</param>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="lengths">Int64 <c>[rows]</c>: each row's number of tokens, at least 1; padding is behind them.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding.</param>
    public static Tensor Apply(this Pooling pooling, Tensor tokens, Tensor lengths, Tensor isToken) => pooling switch
    {
        Pooling.Mean => tokens.FillWhere(isToken.logical_not().unsqueeze(2), 0).sum(1) / lengths.unsqueeze(1),
        Pooling.First => tokens.select(1, 0),
        Pooling.Last => tokens.gather(1, (lengths - 1).view(-1, 1, 1).expand(-1, 1, tokens.shape[2])).squeeze(1),
        _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "Not one of the poolings."),
    };
}
