using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>Encoders under <c>ml.LanguageModeling.EvaluateMasked</c>, with columns of Text.MaskTokens and Text.TokenDropping.</summary>
[TestClass]
public sealed class MaskedEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_trained_encoder_predicts_better_and_dropping_makes_it_drift()
    {
        using MaskedLanguageModelTransformer start = TinyEncoder.Fit(_ml, o => o.Training.LearningRate = 1e-12), trained = TinyEncoder.Fit(_ml, o => o.Training.Epochs = 30);
        IDataView rows = Masked(keepRatio: 0.5);
        MaskedMetrics before = _ml.LanguageModeling.EvaluateMasked(start, rows), after = _ml.LanguageModeling.EvaluateMasked(trained, rows, keptColumnName: "Kept");
        Assert.IsLessThan(before.Loss - 1, after.Loss);
        Assert.IsNull(before.Drift);
        Assert.IsNull(before.DroppedLoss);
        Assert.IsGreaterThan(0.01, after.Drift!.RelativeDistance);
        Assert.IsGreaterThan(0, after.Drift.Divergence);
        Assert.AreNotEqual(after.Loss, after.DroppedLoss!.Value, 1e-4);
        Assert.AreEqual((before.TokenCount, before.RowCount, before.EmptyRows), (after.TokenCount, after.RowCount, after.EmptyRows));
        Assert.Contains("Relative distance", after.ToString());
    }

    [TestMethod]
    public void Keeping_all_tokens_changes_nothing()
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml);
        MaskedMetrics metrics = _ml.LanguageModeling.EvaluateMasked(model, Masked(keepRatio: 1), keptColumnName: "Kept");
        Assert.AreEqual(metrics.Loss, metrics.DroppedLoss!.Value, 1e-5);
        Assert.AreEqual(0, metrics.Drift!.RelativeDistance, 1e-5);
        Assert.AreEqual(0, metrics.Drift.Divergence, 1e-6);
    }

    [TestMethod]
    public void Scores_do_not_depend_on_what_is_scored_beside()
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml);
        MaskedSequence[] rows = [new([10, 11, 12], [-100, 13, -100]), new([20, 21, 22, 23], [-1, -1, 5, 6], [2, 0]), new([30, 31, 32], [7, -1, 8]), new([9], [-1])];
        IReadOnlyList<MaskedTokenScores> together = model.Score(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            MaskedTokenScores alone = model.Score([rows[i]])[0];
            Assert.HasCount(rows[i].Targets.Count(t => t >= 0), together[i].LogProbabilities);
            Assert.HasCount(rows[i].Inputs.Length * model.Width, together[i].Vectors);
            foreach ((float expected, float actual) in alone.LogProbabilities.Concat(alone.Vectors).Zip(together[i].LogProbabilities.Concat(together[i].Vectors)))
                Assert.AreEqual(expected, actual, 1e-5f);
        }
    }

    [TestMethod]
    public void Sequences_that_cannot_be_read_are_named()
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml);
        void Refused(string part, MaskedSequence row) => Assert.Contains(part, Assert.ThrowsExactly<ArgumentException>(() => model.Score([new([9], [-1]), row])).Message);
        Refused("Sequence 1 is empty", new([], []));
        Refused("Sequence 1 has 17 tokens", new(new int[17], new int[17]));
        Refused("Sequence 1 has 1 targets for 2 tokens", new([9, 9], [-1]));
        Refused("the id 261 in slot 1", new([9, 261], [-1, -1]));
        Refused("the target 261", new([9, 9], [-1, 261]));
        Refused("kept of sequence 1", new([9, 9], [-1, -1], [0, 0]));
        Refused("kept of sequence 1", new([9, 9], [-1, -1], [2]));
        Refused("kept of sequence 1", new([9, 9], [-1, -1], []));
    }

    private IDataView Masked(double keepRatio)
    {
        IDataView tokens = TinyModel.Tokenized(_ml);
        IDataView masked = _ml.Transforms.Text.MaskTokens(new MaskTokensOptions()).Fit(tokens).Transform(tokens);
        return _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { OutputColumnName = "Kept", InputColumnName = "MaskedTokens", KeepRatio = keepRatio }).Fit(masked).Transform(masked);
    }
}
