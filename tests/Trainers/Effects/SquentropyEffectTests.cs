using Microsoft.ML;
using MLNetExt.Benchmarks;

namespace MLNetExt.Tests.Effects;

/// <summary>The paper's effect at the size of a test: digits, 300 training rows, squentropy against cross-entropy, all
/// else equal, through the public estimator. <c>benchmarks -- effects</c> prints the same runs, and where it fails.</summary>
[TestClass]
public sealed class SquentropyEffectTests
{
    private static readonly MLContext s_context = new(seed: 0);

    [TestMethod]
    [TestCategory("Effect")]
    public void Ten_seeds_gain_accuracy_and_calibration() => AssertEffect(noisy: false);

    [TestMethod]
    [TestCategory("Effect")]
    public void Ten_seeds_gain_accuracy_and_calibration_with_noisy_labels() => AssertEffect(noisy: true);

    [TestMethod]
    [TestCategory("EffectShort")]
    [DataRow(false)]
    [DataRow(true)]
    public void Three_seeds_are_on_average_more_accurate_and_better_calibrated(bool noisy)
    {
        (EffectSummary crossEntropy, EffectSummary squentropy) = Compare(noisy, seeds: 3);
        Assert.IsGreaterThan(crossEntropy.MeanAccuracy, squentropy.MeanAccuracy);
        Assert.IsLessThan(crossEntropy.MeanCalibrationError, squentropy.MeanCalibrationError);
    }

    private static void AssertEffect(bool noisy)
    {
        (EffectSummary crossEntropy, EffectSummary squentropy) = Compare(noisy, seeds: 10);
        Assert.IsGreaterThanOrEqualTo(crossEntropy.MeanAccuracy + 0.5, squentropy.MeanAccuracy);
        Assert.IsLessThanOrEqualTo(0.6 * crossEntropy.MeanCalibrationError, squentropy.MeanCalibrationError);
    }

    private static (EffectSummary CrossEntropy, EffectSummary Squentropy) Compare(bool noisy, int seeds)
    {
        EffectData data = EffectData.Digits300(s_context, noisy);
        var recipe = new EffectRecipe();
        EffectSummary Run(double squareWeight) =>
            EffectSummary.Of(Enumerable.Range(1, seeds).Select(seed => recipe.Run(s_context, data, squareWeight, seed)));

        (EffectSummary crossEntropy, EffectSummary squentropy) = (Run(0), Run(1));
        Assert.AreEqual(0, crossEntropy.Diverged + squentropy.Diverged);
        return (crossEntropy, squentropy);
    }
}
