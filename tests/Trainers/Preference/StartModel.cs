using MLNetExt.LanguageModeling;
using MLNetExt.Tests.LanguageModeling;

namespace MLNetExt.Tests.Preference;

/// <summary>The language model that tests train further; no test changes or disposes it.</summary>
internal static class StartModel
{
    private static readonly Lazy<CausalLanguageModelTransformer> s_model = new(() => TinyModel.Fit(epochs: 4));

    public static CausalLanguageModelTransformer Get() => s_model.Value;
}
