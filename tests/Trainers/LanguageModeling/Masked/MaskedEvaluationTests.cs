using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Sequences;
using MLNetExt.Tokenization;
using TorchSharp;

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
    public void Vectors_are_given_when_they_are_wanted_and_log_probabilities_are_the_same_without()
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml);
        MaskedSequence[] rows = [new([10, 11, 12], [-100, 13, -100]), new([20, 21, 22, 23], [-1, -1, 5, 6], [2, 0])];
        IReadOnlyList<MaskedTokenScores> with = model.Score(rows), without = model.Score(rows, withVectors: false);
        Assert.IsTrue(without.All(scores => scores.Vectors.Length == 0));
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(with[i].LogProbabilities, without[i].LogProbabilities);
    }

    [TestMethod]
    [DataRow(EncoderPooling.Mean)]
    [DataRow(EncoderPooling.FirstToken)]
    public void Padding_in_a_row_changes_nothing_but_positions(EncoderPooling pooling)
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o => o.Pooling = pooling);
        int[] ids = [20, 4, 22, 4], targets = [-1, 21, -1, 23], types = [0, 0, 1, 1];
        // 0 is padding: behind, before, and between.
        (int[] Places, int Length)[] padded = [([0, 1, 2, 3], 7), ([2, 3, 4, 5], 6), ([0, 2, 4, 5], 6), ([1, 3, 4, 7], 9)];
        MaskedSequence Row(int[] places, int length, int[]? kept)
        {
            int[] Spread(int[] values, int padding) => [.. Enumerable.Range(0, length).Select(place => Array.IndexOf(places, place) is >= 0 and var i ? values[i] : padding)];
            return new MaskedSequence(Spread(ids, 0), Spread(targets, -1), kept is null ? null : [.. kept.Select(i => places[i])], Spread(types, 0));
        }

        using (torch.no_grad())
            model.Model.Network.state_dict()["positions"].zero_();
        foreach (int[]? kept in new int[]?[] { null, [1, 3] })
        {
            MaskedTokenScores expected = model.Score([Row([0, 1, 2, 3], 4, kept)])[0];
            foreach ((MaskedTokenScores actual, (int[] Places, int Length) _) in model.Score([.. padded.Select(p => Row(p.Places, p.Length, kept))]).Zip(padded))
            {
                Assert.HasCount(expected.Vectors.Length, actual.Vectors);
                foreach ((float e, float a) in expected.LogProbabilities.Concat(expected.Vectors).Zip(actual.LogProbabilities.Concat(actual.Vectors)))
                    Assert.AreEqual(e, a, 1e-5f);
            }
        }

        IDataView rows = Rows([.. padded.Select(p => Row(p.Places, p.Length, null).Inputs).Prepend(ids)]);
        float[][] embeddings = [.. model.Transform(rows).GetColumn<float[]>("Embedding")];
        foreach (float[] embedding in embeddings)
        {
            foreach ((float e, float a) in embeddings[0].Zip(embedding))
                Assert.AreEqual(e, a, 1e-5f);
        }
    }

    [TestMethod]
    public void Kinds_of_tokens_are_read_from_their_column_and_must_be_given_to_a_model_that_has_learned_them()
    {
        var pairs = new WordPieceOptions { InputColumnName = "Sentence", SecondInputColumnName = "Sentence", TokenTypeColumnName = "Types", VocabularySize = 60 };
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(64)), tokens = _ml.Transforms.Text.TokenizeWordPieces(pairs).Fit(texts).Transform(texts);
        IDataView rows = _ml.Transforms.Text.MaskTokens("MaskedTokens", "MaskLabels", "Tokens").Fit(tokens).Transform(tokens);
        using MaskedLanguageModelTransformer without = TinyEncoder.Fit(_ml, o => o.Network.ContextLength = 32, tokens);
        using MaskedLanguageModelTransformer with = TinyEncoder.Fit(_ml, o => (o.TokenTypesColumnName, o.Network.ContextLength) = ("Types", 32), tokens);
        Assert.IsFalse(without.ReadsTypes);
        Assert.IsTrue(with.ReadsTypes);
        Assert.Contains("set TokenTypesColumnName", Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluateMasked(with, rows)).Message);
        double expected = Loss(row => row.Types), other = Loss(_ => null);
        Assert.AreEqual(expected, _ml.LanguageModeling.EvaluateMasked(with, rows, tokenTypesColumnName: "Types").Loss, 1e-5);
        Assert.AreNotEqual(expected, other, 1e-4);

        double Loss(Func<PairRow, int[]?> types)
        {
            PairRow[] read = [.. _ml.Data.CreateEnumerable<PairRow>(rows, reuseRowObject: false)];
            return -with.Score([.. read.Select(row => new MaskedSequence(row.MaskedTokens, row.MaskLabels, Types: types(row)))]).SelectMany(scores => scores.LogProbabilities).Average(p => (double)p);
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

    private IDataView Rows(int[][] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TokensRow));
        TinyModel.Tokenizer(_ml).Tokenizer.ColumnInfo.AddTo(schema[nameof(TokensRow.Tokens)]);
        return _ml.Data.LoadFromEnumerable(rows.Select(tokens => new TokensRow { Tokens = tokens }).ToArray(), schema);
    }

    private IDataView Masked(double keepRatio)
    {
        IDataView tokens = TinyModel.Tokenized(_ml);
        IDataView masked = _ml.Transforms.Text.MaskTokens(new MaskTokensOptions()).Fit(tokens).Transform(tokens);
        return _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { OutputColumnName = "Kept", InputColumnName = "MaskedTokens", KeepRatio = keepRatio }).Fit(masked).Transform(masked);
    }

    private sealed class TokensRow
    {
        public int[] Tokens { get; set; } = [];
    }

    private sealed class PairRow
    {
        public int[] MaskedTokens { get; set; } = [];

        public int[] MaskLabels { get; set; } = [];

        public int[] Types { get; set; } = [];
    }
}
