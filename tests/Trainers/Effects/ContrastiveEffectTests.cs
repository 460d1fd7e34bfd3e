using Microsoft.ML;
using MLNetExt.Benchmarks;
using MLNetExt.Contrastive;
using MLNetExt.Objectives;

namespace MLNetExt.Tests.Effects;

/// <summary>The paper's studies on digit halves, and images with captions, through the public estimator. <c>benchmarks -- effects halves</c>,
/// <c>fashion</c> and <c>openclipart</c> print these runs and more.</summary>
[TestClass]
public sealed class ContrastiveEffectTests
{
    private const int Seeds = 4;
    private const int TaskSeeds = 3;
    private static readonly HalvesData s_data = new(new MLContext(seed: 0));

    [TestMethod]
    [TestCategory("Effect")]
    public void Hard_negatives_carry_the_signal_and_easy_ones_do_not()
    {
        double random = Mean(NegativeKind.Random, Seeds);
        Assert.IsGreaterThanOrEqualTo(random + 5, Mean(NegativeKind.Hard, Seeds));
        Assert.IsLessThanOrEqualTo(random - 25, Mean(NegativeKind.Easy, Seeds));
    }

    [TestMethod]
    [TestCategory("Effect")]
    [DataRow(16)]
    [DataRow(64)]
    public void A_bias_of_minus_ten_beats_zero(int batch)
    {
        var recipe = new HalvesRecipe(batch, Epochs: 60);
        Assert.IsGreaterThanOrEqualTo((recipe with { Bias = 0 }).RunSeeds(s_data, Seeds).Mean + 5, recipe.RunSeeds(s_data, Seeds).Mean);
    }

    [TestMethod]
    [TestCategory("Effect")]
    public void Clothes_are_told_by_prompts_of_their_names()
    {
        var context = new MLContext(seed: 0);
        if (FashionData.Read(context) is not { } data)
        {
            Assert.Inconclusive("fashion_mnist_15k is not in ../shared/data.");
            return;
        }

        double mean = Enumerable.Range(1, TaskSeeds).Average(seed => new FashionRecipe(PairMatching.EqualRight).Run(context, data, seed).Accuracy);
        Assert.IsGreaterThanOrEqualTo(86, mean);
    }

    [TestMethod]
    [TestCategory("Effect")]
    public void Pictures_and_their_captions_find_each_other_and_categories_are_told_by_their_names()
    {
        var context = new MLContext(seed: 0);
        var data = ClipartData.Read(context);
        ClipartResult[] runs = [.. Enumerable.Range(1, TaskSeeds).Select(seed => new ClipartRecipe().Run(context, data, seed))];
        Assert.IsGreaterThanOrEqualTo(3 * data.ChanceOfRecallAt10, runs.Average(r => r.RecallAt10));
        Assert.IsGreaterThan(Math.Max(31.7, data.MajorityAccuracy), runs.Average(r => r.CategoryAccuracy), "the largest category of all pictures, and of the test part");
    }

    [TestMethod]
    [TestCategory("EffectShort")]
    public void One_seed_orders_hard_random_and_easy_negatives_and_the_bias()
    {
        double random = Mean(NegativeKind.Random, seeds: 1);
        Assert.IsGreaterThan(random, Mean(NegativeKind.Hard, seeds: 1));
        Assert.IsLessThan(random, Mean(NegativeKind.Easy, seeds: 1));
        var recipe = new HalvesRecipe(BatchSize: 64, Epochs: 40);
        Assert.IsGreaterThan((recipe with { Bias = 0 }).RunSeeds(s_data, 1).Mean, recipe.RunSeeds(s_data, 1).Mean);
    }

    private static double Mean(NegativeKind negatives, int seeds) => new HalvesRecipe { Negatives = negatives }.RunSeeds(s_data, seeds).Mean;
}
