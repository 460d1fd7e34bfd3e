using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>How the optimiser treats the parameters of a decoder: matrices decay, and blocks may learn the slower the farther they are from the head.</summary>
internal sealed class DecoderGroups(CausalLanguageModelOptions options, int layers)
{
    public ParameterGroup Of(string name, Tensor parameter) => ParameterGroup.ByShape(name, parameter) with
    {
        LearningRateFactor = Math.Pow(options.LayerLearningRateDecay, HeadDistance.Blocks(name, layers)) * (IsEmbedding(name) ? options.EmbeddingLearningRateFactor : 1),
    };

    private static bool IsEmbedding(string name) => name is "tokens" or "positions";
}
