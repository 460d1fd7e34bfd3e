using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>How a transformer normalises a token's vector.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NormKind>))]
internal enum NormKind
{
    /// <summary>To mean 0 and variance 1, with a gain and a bias (arXiv 1607.06450).</summary>
    Layer,

    /// <summary>To mean square 1, with a gain (arXiv 1910.07467).</summary>
    Rms,
}

internal static class Norms
{
    /// <summary>The norm of vectors of <see cref="TransformerOptions.Width"/> components.</summary>
    public static nn.Module<Tensor, Tensor> Create(TransformerOptions options) => options.NormKind switch
    {
        NormKind.Layer => nn.LayerNorm(options.Width, options.NormEpsilon),
        NormKind.Rms => new RmsNorm(options.Width, options.NormEpsilon),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.NormKind, "Not one of the norms."),
    };
}
