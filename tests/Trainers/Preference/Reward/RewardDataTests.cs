using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.Preference;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Preference;

/// <summary>Which columns are scored, which pairs count, and what is said of those that do not.</summary>
[TestClass]
public sealed class RewardDataTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public RewardDataTests() => _ml.Log += (_, e) => _log.Add(e.Message);

    [TestMethod]
    public void What_is_there_is_scored()
    {
        IDataView all = Rewards.Data(_ml);
        using RewardModelTransformer model = Rewards.Fit(_ml, all);
        Table expected = Table.Read(model.Transform(all), "Score", "ChosenScore", "RejectedScore");

        Scores(Only("Features"), "Score");
        Scores(Only("Chosen", "Rejected"), "ChosenScore", "RejectedScore");
        Scores(Only("Features", "Chosen"), "Score");
        Assert.Contains(
            "neither column 'Features' nor both 'Chosen' and 'Rejected'", Assert.Throws<ArgumentException>(() => model.Transform(Only("Chosen", "Margin"))).Message);

        IDataView Only(params string[] columns) => _ml.Transforms.SelectColumns(columns).Fit(all).Transform(all);

        void Scores(IDataView data, params string[] columns)
        {
            IDataView scored = model.Transform(data);
            CollectionAssert.AreEqual(columns, scored.Schema.Skip(data.Schema.Count).Select(c => c.Name).ToArray());
            Table values = Table.Read(scored, columns);
            for (int row = 0; row < values.Rows.Count; row++)
            {
                for (int c = 0; c < columns.Length; c++)
                    Assert.AreEqual(expected.Rows[row][Array.IndexOf([.. expected.Columns], columns[c])], values.Rows[row][c], $"row {row}, {columns[c]}");
            }
        }
    }

    [TestMethod]
    public void The_estimator_promises_what_pairs_alone_get()
    {
        IDataView pairs = _ml.Transforms.SelectColumns("Chosen", "Rejected").Fit(Rewards.Data(_ml)).Transform(Rewards.Data(_ml));
        SchemaShape promised = _ml.Preference.Trainers.RewardModel().GetOutputSchema(SchemaShapes.Of(pairs.Schema));
        using RewardModelTransformer model = Rewards.Fit(_ml, pairs);
        CollectionAssert.AreEquivalent(
            promised.Select(c => c.Name).ToArray(), model.Transform(pairs).Schema.Select(c => c.Name).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Chosen", "Rejected", "ChosenScore", "RejectedScore" }, promised.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void A_model_of_pairs_serves_a_pipeline_of_single_texts()
    {
        IDataView data = Rewards.Data(_ml);
        using RewardModelTransformer model = Rewards.Fit(_ml, data, o =>
        {
            (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName, o.Tower.HashBits) = ("ChosenText", "RejectedText", "Response", 10);
            o.Training.Epochs = 5;
        });
        IDataView texts = _ml.Data.LoadFromEnumerable(new[] { new Text { Response = "thank you" }, new Text { Response = "go away" }, new Text { Response = " " } });
        float[] scores = Rewards.Column(model, texts, "Score");
        Assert.IsGreaterThan(scores[1], scores[0]);
        Assert.IsTrue(float.IsNaN(scores[2]), "an empty text");
        using PredictionEngine<Text, Scored> engine = _ml.Model.CreatePredictionEngine<Text, Scored>(model, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.AreEqual(scores[0], engine.Predict(new Text { Response = "thank you" }).Score, 1e-6 * Math.Abs(scores[0]));
    }

    [TestMethod]
    public void Pairs_that_teach_nothing_are_left_out_with_a_count_and_the_first_reasons()
    {
        RewardRow[] rows = RewardRow.Many(40);
        (rows[3].ChosenText, rows[7].RejectedText, rows[9].RejectedText) = ("", " ", rows[9].ChosenText);
        IDataView data = _ml.Data.LoadFromEnumerable(rows), without = _ml.Data.LoadFromEnumerable(rows.Where((_, i) => i is not (3 or 7 or 9)));
        using RewardModelTransformer model = Rewards.Fit(_ml, data, Texts);
        using RewardModelTransformer expected = Rewards.Fit(_ml, without, Texts);

        Assert.ContainsSingle(
            m => m.Contains("3 rows of the training data have nothing on one side, or the same on both, and are left out: ", StringComparison.Ordinal)
                && m.Contains("row 3: column 'ChosenText' is empty; row 7: column 'RejectedText' is empty; row 9: column 'ChosenText' is equal to column 'RejectedText'.", StringComparison.Ordinal),
            _log);
        CollectionAssert.AreEqual(Rewards.Column(expected, without, "ChosenScore"), Rewards.Column(model, without, "ChosenScore"), "pairs left out still teach");

        static void Texts(RewardModelOptions o)
        {
            (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName) = ("ChosenText", "RejectedText", "Response");
            (o.Tower.HashBits, o.UnusableRows) = (10, UnusableRowPolicy.Skip);
        }
    }

    [TestMethod]
    public void Equal_sides_are_told_in_dense_and_sparse_vectors()
    {
        VBuffer<float> dense = new(3, [0, 2, 0]), sparse = new(3, 1, [2], [1]), withZero = new(3, 2, [0, 2], [0, 1]), other = new(3, 1, [2], [2]);
        foreach (VBuffer<float> same in new[] { dense, sparse, withZero })
        {
            Assert.Contains("row 1", Assert.ThrowsExactly<InvalidDataException>(() => Fit(dense, same)).Message);
            Assert.Contains("row 1", Assert.ThrowsExactly<InvalidDataException>(() => Fit(same, dense)).Message);
            Fit(same, other).Dispose();
        }

        RewardModelTransformer Fit(VBuffer<float> chosen, VBuffer<float> rejected) =>
            Rewards.Fit(_ml, _ml.Data.LoadFromEnumerable(new[] { new Buffers { Chosen = dense, Rejected = other }, new Buffers { Chosen = chosen, Rejected = rejected } }));
    }

    [TestMethod]
    public void Vectors_that_are_not_finite_score_NaN_and_alone()
    {
        RewardRow[] rows = RewardRow.Many(20);
        using RewardModelTransformer model = Rewards.Fit(_ml, _ml.Data.LoadFromEnumerable(RewardRow.Many(20)));
        float[] expected = Rewards.Column(model, _ml.Data.LoadFromEnumerable(RewardRow.Many(20)), "Score");
        rows[4].Features[1] = float.NaN;
        float[] actual = Rewards.Column(model, _ml.Data.LoadFromEnumerable(rows), "Score");
        expected[4] = float.NaN;
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Sides_that_one_network_cannot_score_are_named()
    {
        IDataView data = Rewards.Data(_ml);
        IDataView narrow = _ml.Transforms.Concatenate("Narrow", "Margin", "Margin").Fit(data).Transform(data);
        Refused("'Narrow' has 2 slots", narrow, o => o.RejectedColumnName = "Narrow");
        Refused("Column 'RejectedText' is String, but 'Chosen' is Vector<Single>", data, o => o.RejectedColumnName = "RejectedText");
        Refused("InputColumnName ('Response')", data, o => o.InputColumnName = "Response");

        Refused("InputColumnName ('Narrow') must be made like the chosen side", narrow, o => o.InputColumnName = "Narrow");
        IDataView variable = _ml.Data.LoadFromEnumerable(RewardRow.Many(20).Select(r => new OfAnyLength { Chosen = r.Chosen, Rejected = r.Rejected, Features = r.Features }));
        Refused("The Input column 'Features' must be a vector of Single of known length", variable, _ => { });
        Refused("Column 'Margin' has 1 slots", data, o => o.InputColumnName = "Margin");

        using RewardModelTransformer model = Rewards.Fit(_ml, data, o => o.InputColumnName = "Narrow");
        Assert.Contains("'Narrow' has 2 slots, but the model was trained on 6", Assert.Throws<ArgumentException>(() => model.Transform(narrow)).Message);
    }

    [TestMethod]
    public void Tokens_of_two_tokenizers_are_refused()
    {
        IDataView data = Rewards.Data(_ml);
        IDataView tokens = _ml.Transforms.Text.TokenizeBytePairs("A", "ChosenText", vocabularySize: 270)
            .Append(_ml.Transforms.Text.TokenizeBytePairs("B", "RejectedText", vocabularySize: 270)).Fit(data).Transform(data);
        Refused("Column 'B' was made by the tokenizer", tokens, o => (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName) = ("A", "B", "C"));

        IDataView single = _ml.Transforms.CopyColumns("OfA", "A").Fit(tokens).Transform(tokens);
        Refused("Column 'B' was made by the tokenizer", single, o => (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName) = ("A", "OfA", "B"));
    }

    [TestMethod]
    public void Two_featurizers_with_other_slots_are_warned_of()
    {
        IDataView data = Rewards.Data(_ml);
        WordBagEstimator Bag(string output, string input) => _ml.Transforms.Text.ProduceWordBags(output, input, ngramLength: 1, maximumNgramsCount: 8);
        IDataView apart = Bag("A", "ChosenText").Append(Bag("B", "RejectedText")).Fit(data).Transform(data);
        Rewards.Fit(_ml, apart, o => (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName, o.UnusableRows) = ("A", "B", "C", UnusableRowPolicy.Skip)).Dispose();
        Assert.ContainsSingle(m => m.Contains("one featurizer, fitted on both sides together, must make both", StringComparison.Ordinal), _log);

        _log.Clear();
        IDataView hashed = _ml.Transforms.Text.ProduceHashedWordBags("A", "ChosenText", numberOfBits: 6, ngramLength: 1)
            .Append(_ml.Transforms.Text.ProduceHashedWordBags("B", "RejectedText", numberOfBits: 6, ngramLength: 1)).Fit(data).Transform(data);
        Rewards.Fit(_ml, hashed, o => (o.ChosenColumnName, o.RejectedColumnName, o.InputColumnName) = ("A", "B", "C")).Dispose();
        Assert.IsFalse(_log.Any(m => m.Contains("one featurizer", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Options_that_make_no_reward_are_refused()
    {
        IDataView data = Rewards.Data(_ml);
        Refused("must differ", data, o => o.RejectedColumnName = "Chosen");
        Refused("must differ", data, o => o.InputColumnName = "Chosen");
        Refused("nothing to train", data, o => o.Tower.Kind = TowerKind.Identity);
        Refused("Tower.Kind is ResNet, which cannot read column 'Chosen' (vector)", data, o => o.Tower.Kind = TowerKind.ResNet);
        Refused("BatchSize must be at least 1", data, o => o.BatchSize = 0);
        Refused("EarlyStoppingPatience needs validation data", data, o => o.Training.EarlyStoppingPatience = 1);
        using ContrastiveTransformer contrastive = _ml.Contrastive.Trainers.Sigmoid("Chosen", "Rejected", embeddingSize: 4, epochs: 1).Fit(data);
        Refused("Tower.Pretrained gives embeddings, not a reward", data, o => o.Tower.Pretrained = contrastive.Left);
    }

    [TestMethod]
    public void Data_of_unusable_pairs_alone_are_refused() => Refused(
        "no rows that can be used",
        _ml.Data.LoadFromEnumerable(RewardRow.Many(5).Select(r => new RewardRow { Chosen = r.Chosen, Rejected = r.Chosen, Features = r.Chosen })),
        o => o.UnusableRows = UnusableRowPolicy.Skip);

    private void Refused(string message, IDataView data, Action<RewardModelOptions> change) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Rewards.Fit(_ml, data, change)).Message);

    private sealed class Text
    {
        public string Response { get; set; } = "";
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }

    private sealed class OfAnyLength
    {
        [VectorType(RewardRow.Width)]
        public float[] Chosen { get; set; } = [];

        [VectorType(RewardRow.Width)]
        public float[] Rejected { get; set; } = [];

        public float[] Features { get; set; } = [];
    }

    private sealed class Buffers
    {
        [VectorType(3)]
        public VBuffer<float> Chosen { get; set; }

        [VectorType(3)]
        public VBuffer<float> Rejected { get; set; }
    }
}
