using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>The weights of one or several towers in a model: each tower's names begin with a prefix of its own.</summary>
internal static class TowerWeights
{
    /// <summary>Reads towers; the caller owns them.</summary>
    /// <param name="weights">The model's weights.</param>
    /// <param name="towers">Each tower's shape and prefix.</param>
    /// <param name="others">The names of what the model holds beside its towers.</param>
    /// <exception cref="InvalidDataException">A shape or the weights are damaged, or there are weights that belong nowhere.</exception>
    public static TowerModel[] Read(SafetensorsReader weights, (TowerShape Shape, string Prefix)[] towers, params string[] others)
    {
        var models = new List<TowerModel>();
        try
        {
            var known = new HashSet<string>(others);
            foreach ((TowerShape shape, string prefix) in towers)
            {
                models.Add(TowerModel.Load(shape, weights, prefix));
                known.UnionWith(models[^1].Weights.Keys.Select(name => prefix + name));
            }

            if (weights.Names.FirstOrDefault(name => !known.Contains(name)) is { } surplus)
                throw new InvalidDataException($"The model's weights hold '{surplus}', which its towers do not have.");
            return [.. models];
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }
    }

    /// <summary>A tower's weights under the names by which a model stores them.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Named(TowerModel model, string prefix) =>
        model.Weights.Select(w => KeyValuePair.Create(prefix + w.Key, w.Value));
}
