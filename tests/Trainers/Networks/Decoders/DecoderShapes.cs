using MLNetExt.Networks;

namespace MLNetExt.Tests.Networks;

/// <summary>Small decoders of every kind.</summary>
internal static class DecoderShapes
{
    public static IEnumerable<object[]> Names => s_all.Keys.Select(name => new object[] { name });

    private static readonly Dictionary<string, DecoderOptions> s_all = new()
    {
        ["gpt2"] = DecoderOptions.Gpt2(50, 160, 16, 2, 4),
        ["gpt2 with an own head"] = DecoderOptions.Gpt2(50, 160, 16, 2, 4, feedForwardWidth: 24) with { IsHeadTied = false },
        ["llama"] = DecoderOptions.Llama(50, 160, 16, 2, 4),
        ["llama with shared keys, tied, linear scaling"] = With(
            DecoderOptions.Llama(50, 160, 16, 2, 4, keyValueHeads: 2, isHeadTied: true), t => t with { RotaryScaling = new(RotaryScalingKind.Linear, 2) }),
        ["llama with wide heads, biases, llama 3 scaling"] = With(
            DecoderOptions.Llama(50, 160, 16, 2, 4, keyValueHeads: 1, theta: 100),
            t => t with
            {
                HeadWidth = 6,
                AttentionInputBias = true,
                AttentionOutputBias = true,
                FeedForwardBias = true,
                RotaryScaling = new(RotaryScalingKind.Llama3, 8, OriginalContextLength: 32),
            }),
    };

    public static DecoderOptions Of(string name) => s_all[name];

    /// <summary>The same with other blocks.</summary>
    public static DecoderOptions With(this DecoderOptions options, Func<TransformerOptions, TransformerOptions> change) =>
        options with { Transformer = change(options.Transformer) };
}
