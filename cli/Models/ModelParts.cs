using Microsoft.ML;

namespace MLNetExt.Cli.Models;

/// <summary>The transformers in a model.</summary>
internal static class ModelParts
{
    /// <summary>All of them in order, however chains are nested.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];
}
