using Microsoft.ML;
using MLNetExt.Benchmarks;

namespace MLNetExt.Tests.Effects;

/// <summary>A reward model of responses that people found less harmful, through the public estimator. <c>benchmarks -- effects reward</c> prints these runs and more.</summary>
[TestClass]
public sealed class RewardEffectTests
{
    [TestMethod]
    [TestCategory("Effect")]
    public void TfIdf_puts_three_of_five_pairs_in_the_right_order()
    {
        if (HarmlessData.Read() is not { } data)
        {
            Assert.Inconclusive("hh_rlhf_harmless is not in ../shared/data.");
            return;
        }

        var context = new MLContext(seed: 0);
        double mean = Enumerable.Range(1, 3).Average(seed => RewardRecipe.TfIdf.Run(context, data, seed).Test);
        Assert.IsGreaterThanOrEqualTo(60, mean);
    }
}
