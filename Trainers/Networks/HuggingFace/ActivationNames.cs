namespace MLNetExt.Networks;

/// <summary>What activations are called in a <c>config.json</c>.</summary>
internal static class ActivationNames
{
    /// <summary>By name; the first name of an activation is the one to write.</summary>
    public static IReadOnlyDictionary<string, Activation> All { get; } = new Dictionary<string, Activation>
    {
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["gelu"] = Activation.Gelu,
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["relu"] = Activation.Relu,
        ["tanh"] = Activation.Tanh,
    };

    public static string Of(Activation activation) => All.First(a => a.Value == activation).Key;
}
