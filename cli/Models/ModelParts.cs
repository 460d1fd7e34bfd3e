using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;

namespace MLNetExt.Cli.Models;

/// <summary>The transformers in a model.</summary>
internal static class ModelParts
{
    /// <summary>All of them in order, however chains are nested.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];

    /// <summary>The language model that a part is, or holds; null for none.</summary>
    public static CausalLanguageModelTransformer? LanguageModelOf(ITransformer part) => part switch
    {
        CausalLanguageModelTransformer model => model,
        PreferenceTransformer trained => trained.LanguageModel,
        _ => null,
    };
}
