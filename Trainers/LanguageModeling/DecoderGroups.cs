using System.Text.RegularExpressions;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>How the optimiser treats the parameters of a decoder: matrices decay, and blocks may learn the slower the farther they are from the head.</summary>
internal sealed partial class DecoderGroups(CausalLanguageModelOptions options, int layers)
{
    public ParameterGroup Of(string name, Tensor parameter) =>
        ParameterGroup.ByShape(name, parameter) with { LearningRateFactor = Math.Pow(options.LayerLearningRateDecay, BlocksBehind(name)) * (IsEmbedding(name) ? options.EmbeddingLearningRateFactor : 1) };

    private static bool IsEmbedding(string name) => name is "tokens" or "positions";

    /// <summary>How many blocks, and for embeddings one step more, lie between a parameter and the head.</summary>
    private int BlocksBehind(string name) => IsEmbedding(name) ? layers
        : Block().Match(name) is { Success: true } block ? layers - 1 - int.Parse(block.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    [GeneratedRegex(@"^transformer\.blocks\.(\d+)\.")]
    private static partial Regex Block();
}
