using MLNetExt.Networks;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>The loss of an encoder's predictions: logits of the predicted places alone.</summary>
internal static class MaskedPrediction
{
    private static readonly MaskedCrossEntropy s_objective = new();

    /// <param name="network">The encoder, with its head.</param>
    /// <param name="last">The vectors of its last layer, <c>[rows, length, width]</c>.</param>
    /// <param name="tokens">What is predicted.</param>
    public static MaskedTokenSum Sum(EncoderNetwork network, Tensor last, CorruptedTokens tokens)
    {
        using Tensor places = tensor(tokens.Places, device: last.device);
        Tensor predictions = network.Predictions(last.flatten(0, 1).index_select(0, places));
        return s_objective.Sum(predictions, network.HeadWeight, network.HeadBias, tensor(tokens.Targets, dtype: ScalarType.Int64, device: last.device));
    }
}
