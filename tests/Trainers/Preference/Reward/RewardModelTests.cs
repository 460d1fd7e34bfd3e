using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Contrastive;
using MLNetExt.Preference;
using MLNetExt.Training;

namespace MLNetExt.Tests.Preference;

/// <summary>What a reward model learns, and what it says while it does.</summary>
[TestClass]
public sealed class RewardModelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(TowerKind.Linear)]
    [DataRow(TowerKind.Mlp)]
    public void Pairs_that_were_not_seen_are_put_in_order(TowerKind kind)
    {
        using RewardModelTransformer model = Fit(kind);
        IDataView test = Rewards.Data(_ml, rows: 300, seed: 4);
        Assert.IsGreaterThan(0.9, Rewards.Accuracy(model, test));

        RewardRow[] rows = RewardRow.Many(300, seed: 4);
        float[] scores = Rewards.Column(model, test, "Score");
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => scores[i])];
        Assert.IsGreaterThan(
            order.Take(150).Average(i => RewardRow.Quality(rows[i].Features)) + 1, order.Skip(150).Average(i => RewardRow.Quality(rows[i].Features)), "the better half by score");

        RewardModelTransformer Fit(TowerKind kind) => Rewards.Fit(_ml, Rewards.Data(_ml, rows: 400), o =>
        {
            (o.Tower.Kind, o.Tower.Width) = (kind, 16);
            o.Training.Epochs = 10;
        });
    }

    /// <summary>With one feature the likelihood has its maximum where the formula says.</summary>
    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.5f)]
    public void The_linear_model_is_the_maximum_likelihood_estimate(float margin)
    {
        // In three of four pairs the side with a feature of 1 is chosen over that of 0.
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(i => new OneFeature { Chosen = i % 4 == 0 ? 0 : 1, Rejected = i % 4 == 0 ? 1 : 0, Margin = margin }).ToArray());
        using RewardModelTransformer model = Rewards.Fit(_ml, data, o =>
        {
            (o.MarginColumnName, o.Tower.Standardize, o.BatchSize) = ("Margin", false, 64);
            (o.Training.Epochs, o.Training.WeightDecay, o.Training.LearningRate) = (600, 0, 0.05);
        });

        double weight = Rewards.Column(model, data, "ChosenScore")[1] - Rewards.Column(model, data, "RejectedScore")[1];
        if (margin == 0)
            Assert.AreEqual(Math.Log(3), weight, 1e-3);
        double derivative = -3 * Sigmoid(margin - weight) + Sigmoid(margin + weight);
        Assert.AreEqual(0, derivative, 1e-3);

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [TestMethod]
    public void What_training_never_shows_gets_no_reward()
    {
        // Each side has one of 500 slots, and the last 100 slots occur nowhere.
        var random = new Random(2);
        IDataView data = Wide(Enumerable.Range(0, 200).Select(_ => (random.Next(200), 200 + random.Next(200))));
        using RewardModelTransformer model = Rewards.Fit(_ml, data, o => o.Training.Epochs = 5);
        IDataView unseen = Wide([(450, 460)]);
        Assert.AreEqual(0, Rewards.Column(model, unseen, "ChosenScore")[0]);
        Assert.AreEqual(0, Rewards.Column(model, unseen, "RejectedScore")[0]);
        Assert.IsGreaterThan(0.1f, Rewards.Column(model, Wide([(3, 203)]), "ChosenScore")[0]);
    }

    [TestMethod]
    public void Sparse_dense_and_mixed_sides_give_one_model()
    {
        var random = new Random(2);
        (int, int)[] slots = [.. Enumerable.Range(0, 120).Select(_ => (random.Next(250), 250 + random.Next(250)))];
        float[] Scores(bool sparseChosen, bool sparseRejected)
        {
            using RewardModelTransformer model = Rewards.Fit(_ml, Wide(slots, sparseChosen, sparseRejected), o => o.Tower.Standardize = false);
            return Rewards.Column(model, Wide(slots), "ChosenScore");
        }

        float[] expected = Scores(true, true);
        foreach ((bool chosen, bool rejected) in new[] { (true, false), (false, true), (false, false) })
        {
            float[] actual = Scores(chosen, rejected);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-5, $"row {i}, sparse chosen {chosen}, sparse rejected {rejected}");
        }
    }

    [TestMethod]
    public void Progress_reports_accuracy_ties_and_margin_of_both_parts()
    {
        var reports = new List<TrainingProgress>();
        Rewards.Fit(_ml, Rewards.Data(_ml, rows: 200), o =>
        {
            (o.BatchSize, o.ValidationFraction) = (200, 0.25);
            o.Training.Epochs = 60;
            o.Training.Progress = new Reporter(reports.Add);
        }).Dispose();

        // A linear model begins with a reward of 0 for everything: all are ties, and a tie is not in the right order.
        IReadOnlyDictionary<string, double> first = reports[0].Metrics, last = reports[^1].Metrics;
        Assert.AreEqual((0.0, 1.0, 0.0), (first["Accuracy"], first["Ties"], first["Margin"]));
        Assert.IsGreaterThan(0.9, last["Accuracy"]);
        Assert.AreEqual(0, last["Ties"]);
        Assert.IsGreaterThan(0, last["Margin"]);

        ValidationMetric[] validation = [.. reports.Last(r => r.IsEpochEnd).Validation];
        CollectionAssert.AreEqual(new[] { "Loss", "Accuracy", "Ties", "Margin" }, validation.Select(m => m.Name).ToArray());
        CollectionAssert.AreEqual(new[] { false, true, false, true }, validation.Select(m => m.HigherIsBetter).ToArray());
        Assert.IsLessThan(Math.Log(2), validation[0].Value);
        Assert.IsGreaterThan(0.9, validation[1].Value);
    }

    [TestMethod]
    public void Validation_measures_what_the_transformer_delivers()
    {
        IDataView validation = Rewards.Data(_ml, rows: 60, seed: 8);
        ValidationMetric[] metrics = [];
        using RewardModelTransformer model = Rewards.Fit(_ml, Rewards.Data(_ml), o =>
        {
            o.ValidationData = validation;
            o.Training.Epochs = 1;
            o.Training.Progress = new Reporter(p => metrics = p.IsEpochEnd ? [.. p.Validation] : metrics);
        });
        double[] differences = [.. Rewards.Column(model, validation, "ChosenScore").Zip(Rewards.Column(model, validation, "RejectedScore"), (c, r) => (double)c - r)];
        Assert.AreEqual(differences.Average(d => Math.Log(1 + Math.Exp(-d))), metrics[0].Value, 1e-6);
        Assert.AreEqual(differences.Average(d => d > 0 ? 1.0 : 0), metrics[1].Value);
        Assert.AreEqual(differences.Average(), metrics[3].Value, 1e-6);
    }

    [TestMethod]
    public void Training_stops_early_when_validation_gets_worse()
    {
        // Nothing tells the sides of these pairs apart, so that what is learned is noise.
        var random = new Random(4);
        float[] Draw() => [.. Enumerable.Range(0, RewardRow.Width).Select(_ => random.NextSingle())];
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(_ => new RewardRow { Chosen = Draw(), Rejected = Draw(), Features = Draw() }).ToArray());
        int epochs = 0;
        Rewards.Fit(_ml, data, o =>
        {
            (o.ValidationFraction, o.Training.Epochs, o.Training.EarlyStoppingPatience, o.Training.LearningRate) = (0.3, 200, 2, 0.5);
            o.Training.Progress = new Reporter(p => epochs = p.Epoch);
        }).Dispose();
        Assert.IsLessThan(100, epochs);
    }

    [TestMethod]
    public void Images_can_be_rewarded()
    {
        var random = new Random(1);
        MLImage Image(int light) => MLImage.CreateFromPixels(8, 8, MLPixelFormat.Rgba32, [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 4 == 3 ? 255 : light + random.Next(100)))]);
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(_ => new ImagePair { Chosen = Image(150), Rejected = Image(0) }).ToArray());
        using RewardModelTransformer model = Rewards.Fit(_ml, data, o =>
        {
            (o.InputColumnName, o.Tower.Width) = ("Image", 8);
            o.Training.Epochs = 3;
        });
        Assert.AreEqual(TowerKind.ResNet, model.Kind);
        Assert.IsGreaterThan(0.95, Rewards.Accuracy(model, data));
    }

    private IDataView Wide(IEnumerable<(int Chosen, int Rejected)> slots, bool sparseChosen = true, bool sparseRejected = true)
    {
        VBuffer<float> Side(int slot, bool isSparse)
        {
            var dense = new float[WidePair.Width];
            dense[slot] = 1;
            return isSparse ? new VBuffer<float>(WidePair.Width, 1, [1], [slot]) : new VBuffer<float>(WidePair.Width, dense);
        }

        return _ml.Data.LoadFromEnumerable(slots.Select(s => new WidePair { Chosen = Side(s.Chosen, sparseChosen), Rejected = Side(s.Rejected, sparseRejected) }).ToArray());
    }

    private sealed class OneFeature
    {
        public float Chosen { get; set; }

        public float Rejected { get; set; }

        public float Margin { get; set; }
    }

    private sealed class WidePair
    {
        public const int Width = 500;

        [VectorType(Width)]
        public VBuffer<float> Chosen { get; set; }

        [VectorType(Width)]
        public VBuffer<float> Rejected { get; set; }
    }

    private sealed class ImagePair
    {
        [ImageType(8, 8)]
        public MLImage Chosen { get; set; } = null!;

        [ImageType(8, 8)]
        public MLImage Rejected { get; set; } = null!;
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
