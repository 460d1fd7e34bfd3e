using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The non-linearity between a network's layers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Activation>))]
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x Φ(x), Φ the standard normal distribution function (arXiv 1606.08415).</summary>
    Gelu,

    /// <summary>x σ(x) (arXiv 1702.03118).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>GELU with Φ by a hyperbolic tangent: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 (arXiv 1606.08415), as in GPT-2.</summary>
    GeluTanh,
}

internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => nn.functional.relu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.Silu => nn.functional.silu(x),
        Activation.Tanh => tanh(x),
        Activation.GeluTanh => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not one of the activations."),
    };

    /// <summary>The factor by which an initial weight's deviation exceeds 1/sqrt(fan in), so that the signal keeps its size (arXiv 1502.01852).</summary>
    public static double Gain(this Activation activation) => activation == Activation.Tanh ? 5.0 / 3.0 : Math.Sqrt(2);
}
