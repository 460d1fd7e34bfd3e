using MLNetExt.Networks;

namespace MLNetExt.Tests.Networks;

/// <summary>Small encoders of every kind.</summary>
internal static class EncoderShapes
{
    public static IEnumerable<object[]> Names => s_all.Keys.Select(name => new object[] { name });

    private static readonly Dictionary<string, EncoderOptions> s_all = new()
    {
        ["bert"] = EncoderOptions.Bert(50, 20, 16, 4, 4, hasPooler: true),
        ["pre-norm with a stem"] = new EncoderOptions(50, 20, new TransformerOptions(16, 4, 4), TokenTypes: 1, HasLocalStem: true),
        ["pre-norm, two layers, no embedding norm, gated, shared keys"] = new EncoderOptions(
            50, 20, new TransformerOptions(16, 2, 4, NormKind: NormKind.Rms, KeyValueHeads: 2, HeadWidth: 6, IsGated: true, AttentionInputBias: false), TokenTypes: 3, HasEmbeddingNorm: false),
        ["post-norm, five layers"] = EncoderOptions.Bert(50, 20, 16, 5, 2, feedForwardWidth: 24) with { HasLocalStem = true },
    };

    public static EncoderOptions Of(string name) => s_all[name];

    /// <summary>The same with other blocks.</summary>
    public static EncoderOptions With(this EncoderOptions options, Func<TransformerOptions, TransformerOptions> change) =>
        options with { Transformer = change(options.Transformer) };
}
