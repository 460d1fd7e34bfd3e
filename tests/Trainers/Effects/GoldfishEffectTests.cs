using Microsoft.ML;
using MLNetExt.Benchmarks;
using MLNetExt.Masking;
using TorchSharp;

namespace MLNetExt.Tests.Effects;

/// <summary>What the goldfish loss does to recitation, through the public estimator and audit. <c>benchmarks -- effects goldfish</c> prints these runs and more.</summary>
[TestClass]
public sealed class GoldfishEffectTests
{
    private const int Seeds = 3;
    private static readonly MLContext s_context = new(seed: 0);
    private static readonly Lazy<GoldfishData> s_data = new(() => new GoldfishData(s_context));
    private static readonly GoldfishRecipe s_standard = new("standard"), s_hashed = new("hashed", GoldfishStrategy.Hash);

    [TestInitialize]
    public void OneThread() => torch.set_num_threads(1);

    [TestMethod]
    [TestCategory("Effect")]
    public void A_hashed_mask_prevents_recitation_and_costs_little()
    {
        GoldfishOutcome[] standard = Run(s_standard, Seeds), hashed = Run(s_hashed, Seeds), longer = Run(s_hashed with { Steps = 400 }, Seeds);
        Assert.IsGreaterThanOrEqualTo(0.9, standard.Average(r => r.ExactMatch), "the study is void: the plain loss does not recite");
        Assert.IsLessThanOrEqualTo(0.1, hashed.Average(r => r.ExactMatch));
        Assert.IsLessThanOrEqualTo(standard.Average(r => r.RougeL) - 0.4, hashed.Average(r => r.RougeL));
        Assert.IsGreaterThanOrEqualTo(0.95, hashed.Sum(r => r.DivergedOnDropped)!.Value / (double)hashed.Sum(r => r.Diverged));
        Assert.IsLessThanOrEqualTo(standard.Average(r => r.ValidationLoss) + 0.10, hashed.Average(r => r.ValidationLoss), "at equal steps");
        Assert.IsLessThanOrEqualTo(standard.Average(r => r.ValidationLoss) + 0.02, longer.Average(r => r.ValidationLoss), "at equal supervised tokens");
    }

    [TestMethod]
    [TestCategory("Effect")]
    public void A_mask_drawn_anew_in_each_step_prevents_nothing() =>
        Assert.IsGreaterThanOrEqualTo(0.9, Run(new GoldfishRecipe("random", RandomMask: 4), Seeds).Average(r => r.ExactMatch));

    [TestMethod]
    [TestCategory("Effect")]
    public void Passages_at_several_offsets_leak_through_a_static_mask()
    {
        GoldfishOutcome[] standard = Run(AtOffsets(s_standard), Seeds), hashed = Run(AtOffsets(s_hashed), Seeds), fixedMask = Run(AtOffsets(new("static", GoldfishStrategy.Static)), Seeds);
        Assert.IsGreaterThanOrEqualTo(0.9, standard.Average(r => r.ExactMatch), "the study is void: the plain loss does not recite");
        for (int i = 0; i < Seeds; i++)
            Assert.IsLessThanOrEqualTo(0.7 * hashed[i].CanaryLoss, fixedMask[i].CanaryLoss, $"seed {i + 1}");
    }

    [TestMethod]
    [TestCategory("EffectShort")]
    public void One_seed_recites_with_the_plain_loss_and_not_with_the_goldfish_loss()
    {
        GoldfishOutcome standard = Run(s_standard, 1)[0], hashed = Run(s_hashed, 1)[0];
        Assert.IsGreaterThanOrEqualTo(0.9, standard.ExactMatch);
        Assert.IsLessThanOrEqualTo(0.1, hashed.ExactMatch);
        Assert.IsLessThan(standard.RougeL, hashed.RougeL);
    }

    private static GoldfishRecipe AtOffsets(GoldfishRecipe recipe) => recipe with { Steps = GoldfishRecipe.StepsAtOffsets, AtOffsets = true };

    private static GoldfishOutcome[] Run(GoldfishRecipe recipe, int seeds) =>
        [.. Enumerable.Range(1, seeds).Select(seed => recipe.Run(s_context, s_data.Value, seed))];
}
