using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>How a family of models names its settings and its weights in a Hugging Face model directory.</summary>
internal interface IModelFormat
{
    /// <summary>The family's <c>model_type</c>.</summary>
    string ModelType { get; }

    /// <summary>What the names of weights begin with in a file of the whole model; files of the bare model leave it out.</summary>
    string Prefix { get; }

    /// <summary>The shape that a <c>config.json</c> describes.</summary>
    /// <exception cref="NotSupportedException">It asks for something that the network cannot compute.</exception>
    DecoderOptions ReadConfig(ModelConfig config);

    /// <summary>The <c>config.json</c> of a shape, special tokens aside; null when the family has no such network.</summary>
    JsonObject? WriteConfig(DecoderOptions options);

    /// <summary>A network's weights under the family's names, without prefix, the head aside: views in the family's layout.</summary>
    /// <param name="options">The network's shape.</param>
    /// <param name="ours">Its weights under their own names.</param>
    IEnumerable<KeyValuePair<string, Tensor>> Weights(DecoderOptions options, IReadOnlyDictionary<string, Tensor> ours);

    /// <summary>Whether a name, without prefix, is a buffer that old files hold and that follows from the configuration.</summary>
    bool IsBuffer(string name);
}
