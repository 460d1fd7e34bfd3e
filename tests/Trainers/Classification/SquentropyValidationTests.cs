using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.Training;
using MLNetExt.Training;

namespace MLNetExt.Tests.Classification;

/// <summary>Validation data, best weights, temperature, and what the log says.</summary>
[TestClass]
public sealed class SquentropyValidationTests
{
    [TestMethod]
    public void A_fraction_is_set_aside_and_measured_after_each_epoch()
    {
        var recorder = new Recorder();
        using SquentropyTransformer model = ClassifierData.Fit(ClassifierData.Quick(o =>
        {
            o.ValidationFraction = 0.25;
            o.Training.Progress = recorder;
        }), Blobs.Dense(90));
        TrainingProgress[] ends = [.. recorder.Reports.Where(r => r.IsEpochEnd)];
        Assert.HasCount(3, ends);
        foreach (TrainingProgress end in ends)
            CollectionAssert.AreEqual(new[] { "Loss", "Accuracy", "LogLoss" }, end.Validation.Select(m => m.Name).ToArray());
    }

    [TestMethod]
    public void Validation_data_given_are_measured_and_not_learned_from()
    {
        LabelledRow[] train = Blobs.Dense(60), validation = Blobs.Dense(30, seed: 9);
        using SquentropyTransformer without = ClassifierData.Fit(ClassifierData.Quick(o => o.Training.RestoreBestWeights = false), train);
        var recorder = new Recorder();
        var ml = new MLContext(seed: 1);
        using SquentropyTransformer with = ClassifierData.Fit(ClassifierData.Quick(o =>
        {
            (o.ValidationData, o.Training.RestoreBestWeights, o.Training.Progress) = (ClassifierData.View(ml, validation), false, recorder);
        }), train);
        float[][] scores = ClassifierData.Scores(with, validation);
        CollectionAssert.AreEqual(ClassifierData.Scores(without, validation).SelectMany(s => s).ToArray(), scores.SelectMany(s => s).ToArray());

        // The last report's log-loss is that of the final weights on exactly these rows.
        double logLoss = scores.Select((s, i) => -Math.Log(s[Array.IndexOf(Blobs.Classes, validation[i].Class)])).Average();
        Assert.AreEqual(logLoss, recorder.Reports[^1].Validation.Single(m => m.Name == "LogLoss").Value, 1e-5);
    }

    [TestMethod]
    public void Validation_data_with_other_labels_or_widths_are_refused()
    {
        var ml = new MLContext(seed: 1);
        IDataView raw = ml.Data.LoadFromEnumerable(Blobs.Dense(9).Reverse());
        IDataView otherKeys = ml.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(raw).Transform(raw);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ClassifierData.Fit(ClassifierData.Quick(o => o.ValidationData = otherKeys), Blobs.Dense(30)));
        Assert.Contains("MapValueToKey", error.Message);

        IDataView narrow = ClassifierData.View(ml, Blobs.Dense(9));
        narrow = ml.Transforms.Concatenate("Features", "Features", "Weight").Fit(narrow).Transform(narrow);
        error = Assert.ThrowsExactly<ArgumentException>(() => ClassifierData.Fit(ClassifierData.Quick(o => o.ValidationData = narrow), Blobs.Dense(30)));
        Assert.Contains("'Features' has 6 slots in the training data, but 7", error.Message);
    }

    [TestMethod]
    public void The_best_weights_are_restored()
    {
        // Labels of the validation rows are shifted by one class: each epoch of learning makes it worse, so the first is best.
        var ml = new MLContext(seed: 1);
        LabelledRow[] wrong = Blobs.Dense(30, seed: 9);
        foreach (LabelledRow row in wrong)
            row.Class = Blobs.Classes[(Array.IndexOf(Blobs.Classes, row.Class) + 1) % 3];
        float[][] Train(int epochs, bool restores)
        {
            using SquentropyTransformer model = ClassifierData.Fit(ClassifierData.Quick(o =>
            {
                (o.ValidationData, o.Training.RestoreBestWeights, o.Training.Epochs) = (ClassifierData.View(ml, wrong), restores, epochs);
                (o.Training.FinalLearningRateFraction, o.Training.WarmupFraction) = (1, 0);
            }), Blobs.Dense(60));
            return ClassifierData.Scores(model, wrong);
        }

        float[] first = [.. Train(1, false).SelectMany(s => s)];
        CollectionAssert.AreEqual(first, Train(6, true).SelectMany(s => s).ToArray());
        CollectionAssert.AreNotEqual(first, Train(6, false).SelectMany(s => s).ToArray());
    }

    [TestMethod]
    public void Temperature_scaling_lowers_the_validation_part_s_log_loss()
    {
        var ml = new MLContext(seed: 1);
        LabelledRow[] validation = Blobs.Dense(90, seed: 9, noise: 1.5);
        double LogLoss(bool scales, out double temperature)
        {
            using SquentropyTransformer model = ClassifierData.Fit(ClassifierData.Quick(o =>
            {
                (o.ValidationData, o.TemperatureScaling, o.Training.Epochs) = (ClassifierData.View(ml, validation), scales, 10);
            }), Blobs.Dense(90, noise: 1.5));
            temperature = model.Model.Temperature;
            return ml.MulticlassClassification.Evaluate(model.Transform(ClassifierData.View(ml, validation))).LogLoss;
        }

        double without = LogLoss(false, out double one), with = LogLoss(true, out double fitted);
        Assert.AreEqual(1, one);
        Assert.AreNotEqual(1, fitted);
        Assert.IsLessThan(without, with);
    }

    [TestMethod]
    public void Validation_rows_without_a_label_are_counted()
    {
        var ml = new MLContext(seed: 1);
        LabelledRow[] validation = Blobs.Dense(30, seed: 9);
        validation[4].Class = validation[7].Class = validation[8].Class = "a class that training does not have";
        var log = new List<string>();
        ClassifierData.Fit(ClassifierData.Quick(o => o.ValidationData = ClassifierData.View(ml, validation)), Blobs.Dense(30), log).Dispose();
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("3 rows of the validation data have no label", StringComparison.Ordinal), log);
    }

    [TestMethod]
    public void A_scoring_block_that_would_not_load_and_missing_training_options_are_refused_by_name()
    {
        var ml = new MLContext(seed: 1);
        var blocks = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.MulticlassClassification.Trainers.Squentropy(new SquentropyOptions { ScoringBlockSize = (1 << 20) + 1 }));
        StringAssert.Contains(blocks.Message, "ScoringBlockSize");
        var training = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.MulticlassClassification.Trainers.Squentropy(new SquentropyOptions { Training = null! }));
        StringAssert.Contains(training.Message, "Training");
    }

    [TestMethod]
    public void Few_classes_reduce_the_square_term_with_a_message_or_keep_it_with_a_warning()
    {
        var log = new List<string>();
        ClassifierData.Fit(ClassifierData.Quick(), Blobs.Dense(30), log).Dispose();
        Assert.ContainsSingle(m => m.Contains("With 3 classes SquareWeight is reduced from 1 to 0.1", StringComparison.Ordinal), log);

        log.Clear();
        ClassifierData.Fit(ClassifierData.Quick(o => o.SquareWeight = 0.08), Blobs.Dense(30), log).Dispose();
        Assert.IsFalse(log.Any(m => m.Contains("SquareWeight", StringComparison.Ordinal)), "a weight that is small already was reduced again");

        log.Clear();
        ClassifierData.Fit(ClassifierData.Quick(o => o.FewClasses = FewClassesPolicy.KeepSquareWeight), Blobs.Dense(30), log).Dispose();
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("With 3 classes", StringComparison.Ordinal), log);

        log.Clear();
        ClassifierData.Fit(ClassifierData.Quick(o => o.Loss = ClassificationLoss.CrossEntropy), Blobs.Dense(30), log).Dispose();
        Assert.IsFalse(log.Any(m => m.Contains("SquareWeight", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_loss_that_an_epoch_logs_is_the_mean_of_the_whole_epoch()
    {
        // A report in the middle of an epoch must not cut it short: the loss of a rate of almost 0 is that of the initial weights.
        var recorder = new Recorder();
        var log = new List<string>();
        ClassifierData.Fit(ClassifierData.Quick(o =>
        {
            (o.Loss, o.Training.LearningRate, o.Training.Epochs, o.Training.Progress) = (ClassificationLoss.CrossEntropy, 1e-12, 1, recorder);
        }), Blobs.Dense(60), log).Dispose();
        Assert.AreEqual(Math.Log(3), recorder.Reports[^1].EpochLoss!.Value, 1e-6);
        Assert.ContainsSingle(m => m.Contains("Epoch 1 of 1: loss 1.0986", StringComparison.Ordinal), log);
    }
}
