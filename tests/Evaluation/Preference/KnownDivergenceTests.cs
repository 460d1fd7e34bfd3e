using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>The divergence of models whose divergence is known.</summary>
[TestClass]
public sealed class KnownDivergenceTests
{
    [TestMethod]
    public void Divergence_IsThatOfTheTwoModels_WithinItsStandardError()
    {
        double[] p = [0.5, 0.3, 0.2], q = [0.2, 0.3, 0.5];
        var model = new UnigramModel(p);
        DivergenceEstimate estimate = Estimate(
            model, new() { Reference = new UnigramModel(q), DivergencePrompts = 200, DivergenceTokens = 20, BatchSize = 200 });
        double expected = 0.3 * Math.Log(2.5);
        Assert.AreEqual(4000, estimate.TokenCount);
        Assert.AreEqual(expected, estimate.PerToken, 3 * estimate.StandardError);
        // Tokens are independent here: the variance of one is 0.7 ln² 2.5 − KL².
        double exact = Math.Sqrt((0.7 * Math.Pow(Math.Log(2.5), 2) - expected * expected) / 4000);
        Assert.AreEqual(exact, estimate.StandardError, 0.2 * exact);
        Assert.AreEqual(20 * expected, estimate.PerCompletion.Mean, 60 * estimate.StandardError);
    }

    [TestMethod]
    public void Divergence_OfAModelWithTwoEnds_IsThatOfWhatWasDrawn()
    {
        // Both 1 and 2 end a text for the model: the log-ratios of 0, 1 and 2 are ln 2, ln 1.5 and -ln 2.75.
        double[] p = [0.5, 0.3, 0.2], q = [0.25, 0.2, 0.55];
        DivergenceEstimate estimate = Estimate(
            new UnigramModel(p, 1, 2), new() { Reference = new UnigramModel(q), DivergencePrompts = 200, DivergenceTokens = 20, EndTokenId = 2, BatchSize = 200 });
        Assert.IsLessThan(2000, estimate.TokenCount);
        Assert.AreEqual(0.5 * Math.Log(2) + 0.3 * Math.Log(1.5) + 0.2 * Math.Log(0.2 / 0.55), estimate.PerToken, 3 * estimate.StandardError);
        Assert.IsLessThan(0.03, estimate.StandardError);
    }

    private static DivergenceEstimate Estimate(UnigramModel model, PreferenceEvaluationOptions options)
    {
        var ml = new MLContext(seed: 1);
        (int[], int[], int[])[] pairs = [.. Enumerable.Range(0, 200).Select(i => ((int[])[i / 81, i / 27 % 3, i / 9 % 3, i / 3 % 3, i % 3], (int[])[0], (int[])[1]))];
        return ml.Preference.Evaluate(model, PairRow.Load(ml, pairs), options).Divergence!;
    }

    /// <summary>A model whose tokens do not depend on each other, and are drawn as it says.</summary>
    private sealed class UnigramModel(double[] probabilities, params int[] endIds) : ISequenceScorer, ITextGenerator
    {
        public int VocabularySize => probabilities.Length;

        public int ContextLength => 64;

        public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) =>
            [.. sequences.Select(ids => ids.Skip(1).Select(id => (float)Math.Log(probabilities[id])).ToArray())];

        public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
        {
            var random = new Random(options.Seed!.Value);
            return
            [
                .. prompts.Select(_ => Enumerable.Range(0, options.MaxNewTokens).Select(_ => Draw(random.NextDouble())).ToArray())
                    .Select(ids => options.StopAtEnd ? [.. ids.TakeWhile(id => !endIds.Contains(id))] : ids),
            ];
        }

        private int Draw(double uniform)
        {
            int id = 0;
            while ((uniform -= probabilities[id]) >= 0 && id < probabilities.Length - 1)
                id++;
            return id;
        }
    }
}
