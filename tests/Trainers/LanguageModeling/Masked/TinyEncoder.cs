using Microsoft.ML;
using MLNetExt.LanguageModeling;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A small encoder over letters, fitted in a moment.</summary>
internal static class TinyEncoder
{
    public static MaskedLanguageModelTransformer Fit(MLContext ml, Action<MaskedLanguageModelOptions>? change = null, IDataView? data = null)
    {
        torch.set_num_threads(1);
        var options = new MaskedLanguageModelOptions
        {
            BatchSize = 16,
            Seed = 3,
            Network = { Family = EncoderFamily.PreNorm, ContextLength = 16, Width = 32, Layers = 4, Heads = 2, Dropout = 0 },
            Training = { Epochs = 1, LearningRate = 3e-3 },
        };
        change?.Invoke(options);
        return ml.LanguageModeling.Trainers.Masked(options).Fit(data ?? TinyModel.Tokenized(ml));
    }

    /// <summary>All weights, one behind the other.</summary>
    public static float[] Weights(this MaskedLanguageModelTransformer model) =>
        [.. model.Model.Network.state_dict().OrderBy(w => w.Key).SelectMany(w => w.Value.data<float>().ToArray())];
}
