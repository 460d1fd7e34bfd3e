using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class SeededDropoutTests
{
    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    public void The_rate_is_dropped_and_the_rest_scaled_up(double rate)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        using var dropout = new SeededDropout(rate, generator);
        float[] kept = [.. dropout.forward(ones(100_000)).data<float>()];
        // Five standard deviations of a binomial share.
        Assert.AreEqual(rate, kept.Count(v => v == 0) / 100_000.0, 5 * Math.Sqrt(rate * (1 - rate) / 100_000));
        Assert.IsTrue(kept.Where(v => v != 0).All(v => Math.Abs(v - 1 / (1 - rate)) < 1e-6));
    }

    [TestMethod]
    public void A_saved_generator_repeats_the_mask()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        using var dropout = new SeededDropout(0.5, generator);
        dropout.forward(ones(10));
        Tensor state = generator.get_state();
        Tensor first = dropout.forward(ones(1000)), second = dropout.forward(ones(1000));
        Assert.IsFalse(first.Equals(second), "two masks are equal");
        generator.set_state(state);
        Assert.IsTrue(first.Equals(dropout.forward(ones(1000))), "the mask is not repeated");
    }

    [TestMethod]
    public void Scoring_and_a_rate_of_zero_change_nothing_and_draw_nothing()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor input = ones(5), before = generator.get_state();
        using var scoring = new SeededDropout(0.5, generator);
        scoring.eval();
        using var none = new SeededDropout(0, generator);
        Assert.AreSame(input, scoring.forward(input));
        Assert.AreSame(input, none.forward(input));
        Assert.IsTrue(before.Equals(generator.get_state()));
    }
}
