using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Contrastive;

[TestClass]
public sealed class ZeroShotTests
{
    private static readonly string[] s_labels = ["red", "green", "blue"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("Text")]
    [DataRow("Tokens")]
    [DataRow("Pieces")]
    public void Classes_are_told_by_their_prompts(string right)
    {
        using TransformerChain<ContrastiveTransformer> model = Fit(right);
        IDataView test = Labelled(Colours(60, seed: 8));
        using ZeroShotTransformer classifier = _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, s_labels, ["something {0}", "{0}"]).Fit(test);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(classifier.Transform(test));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.IsLessThan(Math.Log(3), metrics.LogLoss);
        Assert.Contains("green", metrics.ConfusionMatrix.GetFormattedConfusionTable());
        foreach (object[] row in Table.Read(classifier.Transform(test), "Score").Rows)
            Assert.AreEqual(1, ((object[])row[0]).Sum(v => (double)(float)v), 1e-5);
    }

    [TestMethod]
    public void Classes_are_told_by_examples_too()
    {
        using TransformerChain<ContrastiveTransformer> model = Fit("Text");
        IDataView examples = _ml.Data.LoadFromEnumerable(s_labels.SelectMany(l => new[] { new Example { Label = l, Text = $"something {l}" }, new Example { Label = l, Text = l } }));
        IDataView test = Labelled(Colours(60, seed: 8));
        using ZeroShotTransformer byExamples = _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, examples).Fit(test);
        using ZeroShotTransformer byPrompts = _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, s_labels, ["something {0}", "{0}"]).Fit(test);
        CollectionAssert.AreEqual(s_labels, byExamples.Labels.ToArray());
        Table.AreEqual(Pairs.Column(byPrompts, test, "Score"), Pairs.Column(byExamples, test, "Score"), 1e-5, "the same sentences");
    }

    [TestMethod]
    public async Task A_saved_classifier_scores_the_same_in_another_process_and_outlives_its_model()
    {
        using var folder = new TemporaryFolder();
        IDataView test = Labelled(Colours(30, seed: 8));
        ZeroShotTransformer classifier;
        using (TransformerChain<ContrastiveTransformer> model = Fit("Tokens"))
            classifier = _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, s_labels).Fit(test);
        using (classifier)
        {
            string file = folder.File("model.zip"), rows = folder.File("rows.idv"), scores = folder.File("scores.idv");
            _ml.Model.Save(classifier, test.Schema, file);
            using (FileStream stream = File.Create(rows))
                _ml.Data.SaveAsBinary(test, stream);

            Child.Outcome child = await Child.RunAsync("score-model", [file, rows, scores]);

            Assert.AreEqual(0, child.ExitCode, child.Error);
            IDataView actual = _ml.Data.LoadFromBinary(scores);
            Table.AreEqual(Table.Read(classifier.Transform(test), "PredictedLabel", "Score"), Table.Read(actual, "PredictedLabel", "Score"), 0, "the loaded classifier");
            Assert.AreEqual(classifier.GetOutputSchema(test.Schema)["PredictedLabel"].Type, actual.Schema["PredictedLabel"].Type);
        }
    }

    [TestMethod]
    public void No_tensor_is_alive_after_dispose()
    {
        Use();
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Use();
        Assert.AreEqual(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Use()
        {
            using TransformerChain<ContrastiveTransformer> model = Fit("Text");
            IDataView test = Labelled(Colours(20, seed: 8));
            using ZeroShotTransformer classifier = _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, s_labels).Fit(test);
            Assert.HasCount(20, Pairs.Column(classifier, test, "Score").Rows);
        }
    }

    [TestMethod]
    public void Labels_in_another_order_than_the_key_values_are_refused()
    {
        using TransformerChain<ContrastiveTransformer> model = Fit("Text");
        IDataView test = Labelled(Colours(20, seed: 8));
        var error = Assert.Throws<ArgumentException>(() => _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, ["blue", "green", "red"]).Fit(test));
        Assert.Contains("key values of column 'Label'", error.Message);
        _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, ["blue", "green", "red"], labelColumnName: "None").Fit(test).Dispose();
    }

    [TestMethod]
    public void Unusable_labels_and_templates_are_refused()
    {
        using TransformerChain<ContrastiveTransformer> model = Fit("Text");
        Refused("at least 2", ["red"]);
        Refused("'red' is given twice", ["red", "red"]);
        Refused("empty", ["red", " "]);
        Refused("does not contain {0}", ["red", "blue"], ["a picture"]);
        Refused("no prompt template", ["red", "blue"], []);

        void Refused(string message, string[] labels, string[]? templates = null) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => _ml.Contrastive.ZeroShotClassifier(model.LastTransformer, labels, templates)).Message);
    }

    [TestMethod]
    public void Prompts_for_a_tower_of_vectors_are_refused()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer model = Pairs.Fit(_ml, data);
        Assert.Contains("not text", Assert.ThrowsExactly<ArgumentException>(() => _ml.Contrastive.ZeroShotClassifier(model, s_labels)).Message);
    }

    private TransformerChain<ContrastiveTransformer> Fit(string right)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Colours(300, seed: 7));
        return _ml.Transforms.Text.TokenizeBytePairs("Tokens", nameof(Colour.Text), vocabularySize: 280)
            .Append(_ml.Transforms.Text.TokenizeWordPieces("Pieces", nameof(Colour.Text), vocabularySize: 100))
            .Append(_ml.Contrastive.Trainers.Sigmoid(Pairs.Options(o =>
            {
                (o.LeftColumnName, o.RightColumnName) = (nameof(Colour.Rgb), right);
                (o.Right.HashBits, o.Right.Heads, o.Right.Depth) = (10, 2, 1);
                o.Training.Epochs = 10;
            }))).Fit(data);
    }

    private IDataView Labelled(Colour[] rows)
    {
        IDataView keys = _ml.Data.LoadFromEnumerable(s_labels.Select(l => new Example { Label = l }));
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        IDataView onlyLabels = _ml.Transforms.SelectColumns(nameof(Example.Label)).Fit(keys).Transform(keys);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Colour.Name), keyData: onlyLabels).Fit(view).Transform(view);
    }

    private static Colour[] Colours(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] rgb = [.. Enumerable.Range(0, 3).Select(c => (c == i % 3 ? 0.7f : 0) + 0.3f * random.NextSingle())];
            string name = s_labels[i % 3];
            return new Colour { Rgb = rgb, Name = name, Text = random.Next(2) == 0 ? $"something {name}" : name };
        })];
    }

    private sealed class Colour
    {
        [VectorType(3)]
        public float[] Rgb { get; set; } = [];

        public string Name { get; set; } = "";

        public string Text { get; set; } = "";
    }

    private sealed class Example
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";
    }
}
