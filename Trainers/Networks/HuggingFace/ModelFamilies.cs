using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A kind of network, and the families of models that are one: what can be read from and written to Hugging Face model directories.</summary>
/// <param name="Formats">The families.</param>
/// <param name="Advice">With which shapes a network can be written, for the message when it cannot.</param>
/// <param name="Elsewhere">Which call reads the others, for the message when a directory is of none of them.</param>
/// <param name="Check">Makes sure that there is a network of a shape.</param>
/// <param name="Create">A network with its initial weights.</param>
/// <param name="OptionsOf">The shape of a network.</param>
/// <param name="WeightsOf">Its weights by name as they are written: its own tensors, and in the caller's dispose scope what is made of several.</param>
internal sealed record ModelFamilies<TOptions, TNetwork>(
    IReadOnlyList<IModelFormat<TOptions>> Formats,
    string Advice,
    string Elsewhere,
    Action<TOptions> Check,
    Func<TOptions, Generator, TNetwork> Create,
    Func<TNetwork, TOptions> OptionsOf,
    Func<TNetwork, Dictionary<string, Tensor>> WeightsOf)
    where TNetwork : nn.Module;

internal static class ModelFamilies
{
    /// <summary>GPT-2 and Llama.</summary>
    public static ModelFamilies<DecoderOptions, DecoderNetwork> Decoders { get; } = new(
        [new Gpt2Format(), new LlamaFormat()],
        "begin with DecoderOptions.Gpt2 or DecoderOptions.Llama",
        "mlContext.LanguageModeling.LoadHuggingFaceEncoder reads bert",
        options => options.Check(),
        (options, generator) => new DecoderNetwork(options, generator),
        network => network.Options,
        network => network.MergedWeights());

    /// <summary>BERT.</summary>
    public static ModelFamilies<EncoderOptions, EncoderNetwork> Encoders { get; } = new(
        [new BertFormat()],
        "encoders of Network.Family Bert without Network.LocalStem have one, and mlContext.Model.Save saves any",
        "mlContext.LanguageModeling.LoadHuggingFace reads gpt2 and llama",
        options => options.Check(),
        (options, generator) => new EncoderNetwork(options, generator),
        network => network.Options,
        network => network.state_dict());
}
