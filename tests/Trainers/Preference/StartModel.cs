using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Tests.LanguageModeling;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Preference;

/// <summary>The language model that tests train further; no test changes or disposes it.</summary>
internal static class StartModel
{
    private static readonly Lazy<CausalLanguageModelTransformer> s_model = new(() => TinyModel.Fit(epochs: 4));

    public static CausalLanguageModelTransformer Get() => s_model.Value;

    /// <summary>An untrained model whose network knows more tokens than its tokenizer, as published ones do.</summary>
    public static CausalLanguageModelTransformer Padded(int more)
    {
        CausalState state = Get().Model.State;
        state = state with { Network = state.Network with { VocabularySize = state.Network.VocabularySize + more } };
        using var generator = new Generator(1);
        return new CausalLanguageModelTransformer(new CausalModel(state, new DecoderNetwork(state.Network, generator)));
    }
}
