using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Training;
using MLNetExt.Training;
using static MLNetExt.Tests.Classification.TextClassifierData;

namespace MLNetExt.Tests.Classification;

/// <summary>A label of any number of tags a row.</summary>
[TestClass]
public sealed class MultiLabelTests
{
    private static readonly string[] s_tags = ["ant", "yes", "bee", "cat"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Tags_are_learned_and_named()
    {
        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.LabelColumnName, o.Epochs) = ("Tags", 20), ClassifiedText.Many(120));
        ClassifiedText[] rows = ClassifiedText.Many(90, seed: 8);
        IDataView scored = model.Transform(View(_ml, rows));
        foreach (string column in (string[])["PredictedLabel", "Score"])
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            scored.Schema[column].GetSlotNames(ref names);
            CollectionAssert.AreEquivalent(Contract.Blobs.Classes.Append("yes").ToArray(), names.DenseValues().Select(n => n.ToString()).ToArray(), column);
        }

        string[] tags = [.. model.Labels!.Texts];
        bool[][] predicted = [.. scored.GetColumn<bool[]>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        int right = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            CollectionAssert.AreEqual(scores[i].Select(s => s > 0.5f).ToArray(), predicted[i], $"row {i}");
            right += tags.Where((_, t) => predicted[i][t]).ToHashSet().SetEquals(rows[i].TagNames) ? 1 : 0;
        }

        Assert.IsGreaterThan(0.7, right / 90.0, "rows whose tags are all right");
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("Weight")]
    public void Validation_is_over_all_tags_that_are_known(string? weights)
    {
        var recorder = new Recorder();
        TaggedText[] rows = TaggedText.Many(30, seed: 9);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Tags[1] = i % 4 == 0 ? float.NaN : rows[i].Tags[1];
            rows[i].Weight = 1 + i % 3;
        }

        IDataView validation = TaggedText.View(_ml, rows);
        using TextEncoderClassifierTransformer model = Train(TaggedText.Many(48), o =>
        {
            (o.ValidationData, o.ExampleWeightColumnName, o.Training.RestoreBestWeights, o.Training.Progress) = (validation, weights, false, recorder);
        });
        Dictionary<string, double> metrics = recorder.Reports[^1].Validation.ToDictionary(m => m.Name, m => m.Value);
        CollectionAssert.AreEqual(new[] { "Loss", "Accuracy", "LogLoss", "F1" }, metrics.Keys);
        float[][] scores = [.. model.Transform(validation).GetColumn<float[]>("Score")];
        (double Weight, bool Is, double P)[] known = [.. rows.SelectMany((row, i) => row.Tags.Select((tag, t) => (weights is null ? 1.0 : row.Weight, tag == 1, (double)scores[i][t], tag)))
            .Where(e => !float.IsNaN(e.tag)).Select(e => (e.Item1, e.Item2, e.Item3))];
        double Loss((double Weight, bool Is, double P) e) => -Math.Log(e.Is ? e.P : 1 - e.P);
        Assert.AreEqual(known.Sum(e => e.Weight * Loss(e)) / known.Sum(e => e.Weight), metrics["Loss"], 1e-5);
        Assert.AreEqual(known.Average(Loss), metrics["LogLoss"], 1e-5);
        Assert.AreEqual(known.Average(e => e.P > 0.5 == e.Is ? 1.0 : 0), metrics["Accuracy"], 1e-9);
        double both = known.Count(e => e.P > 0.5 && e.Is), precision = both / known.Count(e => e.P > 0.5), recall = both / known.Count(e => e.Is);
        Assert.AreEqual(2 * precision * recall / (precision + recall), metrics["F1"], 1e-9);
    }

    [TestMethod]
    public void A_tag_that_nobody_knows_teaches_nothing_and_is_warned_of()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        void Frozen(TextEncoderClassifierOptions o)
        {
            (o.Pretrained, o.IsFrozen, o.BatchSize, o.Epochs) = (encoder, true, 64, 5);
            (o.Training.Optimizer, o.Training.LearningRate, o.Training.WeightDecay, o.Training.MaxGradientNorm) = (OptimizerKind.SgdNesterov, 0.1, 0, 0);
        }

        TaggedText[] rows = TaggedText.Many(24), unknown = TaggedText.Many(24), nothing = TaggedText.Many(25);
        foreach (TaggedText row in unknown)
            row.Tags[1] = float.NaN;
        nothing[24].Tags = [float.NaN, float.NaN, float.NaN, float.NaN];
        using TextEncoderClassifierTransformer all = Train(rows, Frozen), without = Train(unknown, Frozen), leftOut = Train(nothing, Frozen);
        Assert.IsTrue(Of(1, without).All(w => w == 0), "what nobody knows was learned");
        Assert.IsTrue(Of(1, all).All(w => w != 0));
        Assert.AreEqual(0f, Distance(all, leftOut), "a row of which nobody knows anything was learned from");
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("1 tags of column 'Tags' are the same in all training rows, which teaches nothing of them: yes", StringComparison.Ordinal), messages);
        Assert.ContainsSingle(m => m.Contains("1 rows of the training data have no label in column 'Tags' and are left out", StringComparison.Ordinal), messages);
    }

    [TestMethod]
    public void A_tag_is_learned_as_it_would_be_alone()
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        TextEncoderClassifierTransformer Frozen(TaggedText[] rows, params string[] tags) => Train(rows, o =>
        {
            (o.Pretrained, o.IsFrozen, o.BatchSize, o.Epochs) = (encoder, true, 64, 5);
            (o.Training.Optimizer, o.Training.LearningRate, o.Training.WeightDecay, o.Training.MaxGradientNorm) = (OptimizerKind.SgdNesterov, 0.05 * tags.Length, 0, 0);
        }, tags);
        TaggedText[] one = TaggedText.Many(24);
        foreach (TaggedText row in one)
            row.Tags = row.Tags[..1];
        using TextEncoderClassifierTransformer all = Frozen(TaggedText.Many(24), s_tags), alone = Frozen(one, s_tags[..1]);
        float[] expected = alone.Weights()["heads.0.weight"], actual = Of(0, all);
        Assert.IsGreaterThan(0.001f, expected.Max());
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f, $"weight {i}");
    }

    [TestMethod]
    public void Booleans_are_tags_too()
    {
        IDataView numbers = View(_ml, ClassifiedText.Many(48)), booleans = _ml.Transforms.Conversion.ConvertType("Tags", outputKind: DataKind.Boolean).Fit(numbers).Transform(numbers);
        TextEncoderClassifier trainer = _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => o.LabelColumnName = "Tags"));
        using TextEncoderClassifierTransformer model = trainer.Fit(booleans), expected = trainer.Fit(numbers);
        Assert.AreEqual(0f, Distance(model, expected));
    }

    [TestMethod]
    public void Empty_texts_have_no_tags_and_NaN_scores()
    {
        ClassifiedText[] rows = ClassifiedText.Many(6);
        rows[4].Sentence = "";
        using TextEncoderClassifierTransformer model = Fit(_ml, o => o.LabelColumnName = "Tags");
        IDataView scored = model.Transform(View(_ml, rows));
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        for (int i = 0; i < rows.Length; i++)
            Assert.IsTrue(scores[i].All(i == 4 ? float.IsNaN : float.IsFinite), $"row {i}");
        CollectionAssert.AreEqual(new bool[4], scored.GetColumn<bool[]>("PredictedLabel").ElementAt(4));
    }

    [TestMethod]
    public void What_tags_do_not_have_is_refused()
    {
        void Refused<T>(string part, TaggedText[] rows, Action<TextEncoderClassifierOptions>? change = null)
            where T : Exception => Assert.Contains(part, Assert.ThrowsExactly<T>(() => Train(rows, change)).Message);

        TaggedText[] rows = TaggedText.Many(24), same = TaggedText.Many(24), twice = TaggedText.Many(24), none = TaggedText.Many(24);
        foreach (TaggedText row in same)
            row.Tags = [1, 0, 1, float.NaN];
        twice[7].Tags[2] = 2;
        none[5].Tags = [float.NaN, float.NaN, float.NaN, float.NaN];
        Refused<ArgumentException>("All training rows have the same label in column 'Tags'", same);
        Refused<InvalidDataException>("Column 'Tags' holds 2 in row 7, slot 2", twice);
        Refused<InvalidDataException>("Row 5 has no label in column 'Tags'", none, o => o.MissingLabels = MissingLabelPolicy.Fail);
        Refused<ArgumentException>("BalanceClasses weighs rows by their class, and a row of column 'Tags' has tags", rows, o => o.BalanceClasses = true);
        Refused<ArgumentException>("ClassWeights weighs rows by their class", rows, o => o.ClassWeights = new() { ["yes"] = 2 });
        Refused<ArgumentException>("The validation data's label 'Tags' has other slots", rows, o => o.ValidationData = TaggedText.View(_ml, rows, "ant", "yes", "cat", "bee"));
        IDataView variable = _ml.Transforms.CopyColumns("Tags", "Tokens").Fit(View(_ml, ClassifiedText.Many(6))).Transform(View(_ml, ClassifiedText.Many(6)));
        Assert.Contains("'Tags' must be a key, or a vector of Single or Boolean of known length", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => o.LabelColumnName = "Tags")).Fit(variable)).Message);
    }

    /// <summary>The head's weights of one of the tags of <see cref="s_tags"/>.</summary>
    private static float[] Of(int tag, TextEncoderClassifierTransformer model) => [.. model.Weights()["heads.0.weight"].Chunk(s_tags.Length).Select(input => input[tag])];

    private TextEncoderClassifierTransformer Train(TaggedText[] rows, Action<TextEncoderClassifierOptions>? change = null, params string[] tags) =>
        _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o =>
        {
            o.LabelColumnName = "Tags";
            change?.Invoke(o);
        })).Fit(TaggedText.View(_ml, rows, tags));

    /// <summary>A text with a number for each tag.</summary>
    private sealed class TaggedText
    {
        public float[] Tags { get; set; } = [];

        public string Sentence { get; set; } = "";

        public float Weight { get; set; } = 1;

        public static TaggedText[] Many(int rows, int seed = 3) =>
        [
            .. ClassifiedText.Many(rows, seed).Select(row => new TaggedText { Sentence = row.Sentence, Tags = [.. s_tags.Select(tag => row.TagNames.Contains(tag) ? 1f : 0)] }),
        ];

        /// <param name="ml">The context.</param>
        /// <param name="rows">The rows.</param>
        /// <param name="tags">The names of the slots; those of <see cref="s_tags"/> unless told otherwise.</param>
        public static IDataView View(MLContext ml, TaggedText[] rows, params string[] tags)
        {
            string[] names = tags.Length > 0 ? tags : s_tags;
            SchemaDefinition schema = SchemaDefinition.Create(typeof(TaggedText));
            schema[nameof(Tags)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, names.Length);
            schema[nameof(Tags)].AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(n => n.AsMemory())]), new VectorDataViewType(TextDataViewType.Instance, names.Length));
            IDataView view = ml.Data.LoadFromEnumerable(rows, schema);
            return ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261).Fit(view).Transform(view);
        }
    }
}
