using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Training;
using MLNetExt.Training;
using static MLNetExt.Tests.Classification.TextClassifierData;

namespace MLNetExt.Tests.Classification;

/// <summary>Several labels over one encoder.</summary>
[TestClass]
public sealed class SeveralLabelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Each_label_is_learned_and_has_columns_of_its_own()
    {
        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.AdditionalLabelColumnNames, o.Epochs) = (["TopicKey"], 15), ClassifiedText.Many(120));
        CollectionAssert.AreEqual(new[] { "Label", "TopicKey" }, model.LabelColumnNames.ToArray());
        IDataView scored = model.Transform(View(_ml, ClassifiedText.Many(90, seed: 8)));
        Assert.IsGreaterThan(0.8, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        MulticlassClassificationMetrics topic = _ml.MulticlassClassification.Evaluate(scored, "TopicKey", "Score.TopicKey", "PredictedLabel.TopicKey");
        Assert.IsGreaterThan(0.9, topic.MicroAccuracy);
        Assert.Contains("yes", topic.ConfusionMatrix.GetFormattedConfusionTable());
        uint SetId(string column)
        {
            uint id = 0;
            scored.Schema[column].Annotations.GetValue("ScoreColumnSetId", ref id);
            return id;
        }

        Assert.AreEqual(SetId("PredictedLabel.TopicKey"), SetId("Score.TopicKey"));
        Assert.AreNotEqual(SetId("Score"), SetId("Score.TopicKey"), "two labels are two sets");
    }

    [TestMethod]
    [DataRow(4, 2.0)]
    [DataRow(2, 1.5)]
    public void Rows_that_lack_a_label_teach_the_others_alone(int labelled, double weightOfBoth)
    {
        // Heads of a frozen encoder have nothing in common but the number by which the gradients are divided, that of all labels.
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        ClassifiedText[] rows = ClassifiedText.Many(24);
        foreach (ClassifiedText row in rows.Where((_, i) => i % 4 >= labelled))
            row.Topic = "";
        TextEncoderClassifierTransformer Train(double rate, params string[] others) => Fit(_ml, o =>
        {
            (o.Pretrained, o.IsFrozen, o.AdditionalLabelColumnNames, o.BatchSize, o.Epochs) = (encoder, true, others, 64, 5);
            (o.Training.Optimizer, o.Training.LearningRate, o.Training.WeightDecay, o.Training.MaxGradientNorm) = (OptimizerKind.SgdNesterov, rate, 0, 0);
        }, rows);
        using TextEncoderClassifierTransformer one = Train(0.1), both = Train(0.1 * weightOfBoth, "TopicKey");
        float[] expected = one.Weights()["heads.0.weight"], actual = both.Weights()["heads.0.weight"];
        Assert.IsGreaterThan(0.01f, expected.Max());
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f, $"weight {i}");
    }

    [TestMethod]
    public void Rows_without_any_label_are_left_out_and_those_without_one_are_counted()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        ClassifiedText[] rows = ClassifiedText.Many(48);
        (rows[3].Class, rows[3].Topic, rows[5].Topic, rows[6].Topic, rows[8].Class) = ("", "", "", "", "");
        TextEncoderClassifierTransformer Train(IEnumerable<ClassifiedText> of) => Fit(_ml, o => o.AdditionalLabelColumnNames = ["TopicKey"], of);
        using TextEncoderClassifierTransformer model = Train(rows), without = Train(rows.Where((_, i) => i != 3));
        Assert.AreEqual(0f, Distance(model, without));
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("1 rows of the training data have no label in any of the columns 'Label', 'TopicKey' and are left out", StringComparison.Ordinal), messages);
        Assert.HasCount(2, messages.Where(m => m.Contains("2 rows of the training data have no label in column 'TopicKey' and teach the others alone", StringComparison.Ordinal)));
        Assert.HasCount(2, messages.Where(m => m.Contains("1 rows of the training data have no label in column 'Label' and teach the others alone", StringComparison.Ordinal)));
        Assert.Contains("'TopicKey'", Assert.ThrowsExactly<ArgumentException>(() => Train(rows.Where(r => r.Topic == "yes"))).Message, "one class");
    }

    [TestMethod]
    public void Validation_measures_each_label_over_the_rows_that_have_it()
    {
        var recorder = new Recorder();
        ClassifiedText[] rows = ClassifiedText.Many(30, seed: 9);
        foreach (ClassifiedText row in rows.Skip(10))
            row.Topic = "";
        IDataView validation = View(_ml, rows);
        using TextEncoderClassifierTransformer model = Fit(_ml, o =>
        {
            (o.AdditionalLabelColumnNames, o.ValidationData, o.Training.RestoreBestWeights) = (["TopicKey"], validation, false);
            o.Training.Progress = recorder;
        });
        IReadOnlyList<ValidationMetric> metrics = recorder.Reports[^1].Validation;
        CollectionAssert.AreEqual(new[] { "Loss", "Accuracy", "LogLoss", "Accuracy.TopicKey", "LogLoss.TopicKey" }, metrics.Select(m => m.Name).ToArray());
        float[][] scores = [.. model.Transform(validation).GetColumn<float[]>("Score.TopicKey").Take(10)];
        Assert.AreEqual(scores.Select((s, i) => -Math.Log(s[i / 3 % 2])).Average(), metrics[^1].Value, 1e-5);
        Assert.AreEqual(scores.Select((s, i) => s[i / 3 % 2] > 0.5 ? 1.0 : 0).Average(), metrics[^2].Value, 1e-9);
    }
}
