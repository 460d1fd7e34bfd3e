using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class TokenSamplerTests
{
    private const int Draws = 20_000;
    private static readonly HashSet<int> s_none = [];

    [TestMethod]
    public void Draws_have_the_probabilities_of_the_softmax_at_the_temperature()
    {
        float[] logits = [1, 2, 0, -1];
        double[] shares = Shares(logits, new GenerationOptions { Temperature = 2, Seed = 1 });
        double[] expected = [.. logits.Select(l => Math.Exp(l / 2))];
        for (int i = 0; i < logits.Length; i++)
            Assert.AreEqual(expected[i] / expected.Sum(), shares[i], 0.02);
    }

    [TestMethod]
    public void Only_the_k_most_likely_are_drawn()
    {
        double[] shares = Shares([1, 2, 0, 1.5f], new GenerationOptions { Temperature = 1, TopK = 2, Seed = 1 });
        Assert.AreEqual(0, shares[0] + shares[2]);
        Assert.AreEqual(1 / (1 + Math.Exp(-0.5)), shares[1], 0.02);
    }

    [TestMethod]
    public void Only_the_nucleus_is_drawn()
    {
        // Probabilities 0.5, 0.3, 0.15, 0.05: the first two have 0.8.
        float[] logits = [.. new[] { 0.15, 0.5, 0.05, 0.3 }.Select(p => (float)Math.Log(p))];
        double[] shares = Shares(logits, new GenerationOptions { Temperature = 1, TopP = 0.75, Seed = 1 });
        Assert.AreEqual(0, shares[0] + shares[2]);
        Assert.AreEqual(0.5 / 0.8, shares[1], 0.02);
    }

    [TestMethod]
    public void A_token_that_was_there_loses_by_the_penalty_whatever_its_sign()
    {
        var sampler = new TokenSampler(new GenerationOptions { RepetitionPenalty = 2 }, seed: 1);
        Assert.AreEqual(1, sampler.Next([3, 2, 0], new HashSet<int> { 0 }));
        Assert.AreEqual(2, sampler.Next([-3, -2, -2.5f], new HashSet<int> { 1 }));
    }

    [TestMethod]
    public void The_first_of_equal_logits_is_the_greedy_choice() =>
        Assert.AreEqual(1, new TokenSampler(new GenerationOptions(), seed: 1).Next([0, 4, 4], s_none));

    private static double[] Shares(float[] logits, GenerationOptions options)
    {
        var sampler = new TokenSampler(options, seed: 1);
        var counts = new double[logits.Length];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Next([.. logits], s_none)] += 1.0 / Draws;
        return counts;
    }
}
