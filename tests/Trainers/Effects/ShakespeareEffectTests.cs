using Microsoft.ML;
using MLNetExt.Benchmarks;
using TorchSharp;

namespace MLNetExt.Tests.Effects;

/// <summary>What a small language model learns of raw text. <c>benchmarks -- effects shakespeare</c> prints these runs.</summary>
[TestClass]
public sealed class ShakespeareEffectTests
{
    private const int Seeds = 3, MostWeights = 3_000_000;
    private const double MostBitsPerCharacter = 2.45;

    [TestMethod]
    [TestCategory("Effect")]
    public void A_small_model_predicts_tinyshakespeare_better_than_five_grams()
    {
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        if (ShakespeareData.Read(context) is not { } data)
        {
            Assert.Inconclusive("tinyshakespeare is not in ../shared/data.");
            return;
        }

        var runs = Enumerable.Range(1, Seeds).Select(seed => new ShakespeareRecipe().Run(context, data, data.Test, seed)).ToArray();
        Assert.IsLessThanOrEqualTo(MostWeights, runs[0].Weights);
        Assert.IsLessThanOrEqualTo(MostBitsPerCharacter, runs.Average(r => r.BitsPerCharacter));
    }
}
