using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>How a family of models names its settings and its weights in a Hugging Face model directory.</summary>
/// <typeparam name="TOptions">The shape of the family's networks.</typeparam>
internal interface IModelFormat<TOptions>
{
    /// <summary>The family's <c>model_type</c>.</summary>
    string ModelType { get; }

    /// <summary>What the names of the bare model's weights begin with in a file of the whole model; files of the bare model leave it out.</summary>
    string Prefix { get; }

    /// <summary>The parts, by what the names of their weights begin with, that files may lack and networks too.</summary>
    IReadOnlyList<string> OptionalParts { get; }

    /// <summary>The shape that a <c>config.json</c> describes.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="weights">The names in the weight files, which are opened only when this is enumerated: for what the settings do not tell.</param>
    /// <exception cref="NotSupportedException">It asks for something that the network cannot compute.</exception>
    TOptions ReadConfig(ModelConfig config, IEnumerable<string> weights);

    /// <summary>The <c>config.json</c> of a shape, special tokens aside; null when the family has no such network.</summary>
    JsonObject? WriteConfig(TOptions options);

    /// <summary>A network's weights under the family's names, without prefix: views in the family's layout.</summary>
    /// <param name="options">The network's shape.</param>
    /// <param name="ours">Its weights under their own names.</param>
    IEnumerable<KeyValuePair<string, Tensor>> Weights(TOptions options, IReadOnlyDictionary<string, Tensor> ours);

    /// <summary>Weights that files may hold once more: by the name of the copy, the name of the weight that it must equal.</summary>
    IReadOnlyDictionary<string, string> Copies(TOptions options);

    /// <summary>Whether a weight is the head's, whose name never has the prefix.</summary>
    bool IsHead(string name);

    /// <summary>Whether a name, without prefix, is of something that no network here needs: a buffer of old files, or the head of another task.</summary>
    bool IsIgnored(string name);

    /// <summary>The name that stands today for one in a file, without prefix.</summary>
    string Modern(string name);
}
