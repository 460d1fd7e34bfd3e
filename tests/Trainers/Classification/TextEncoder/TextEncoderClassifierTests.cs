using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Tests.LanguageModeling;
using MLNetExt.Tests.Training;
using MLNetExt.Tokenization;
using MLNetExt.Training;
using TorchSharp;
using static MLNetExt.Tests.Classification.TextClassifierData;

namespace MLNetExt.Tests.Classification;

/// <summary>What a text classifier learns, what it leaves as it was, and what each option changes.</summary>
[TestClass]
public sealed class TextEncoderClassifierTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(EncoderFamily.Bert, EncoderPooling.Mean)]
    [DataRow(EncoderFamily.PreNorm, EncoderPooling.FirstToken)]
    public void Classes_are_learned(EncoderFamily family, EncoderPooling pooling)
    {
        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.Network.Family, o.Pooling, o.Epochs) = (family, pooling, 15), ClassifiedText.Many(120));
        Assert.IsGreaterThan(0.8, _ml.MulticlassClassification.Evaluate(model.Transform(View(_ml, ClassifiedText.Many(90, seed: 8)))).MicroAccuracy);
    }

    [TestMethod]
    public void The_order_of_tokens_is_learned()
    {
        // Each text has the same two letters behind random ones: only their order tells the classes apart.
        static ClassifiedText[] Rows(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(i => new ClassifiedText
            {
                Class = Contract.Blobs.Classes[i % 2],
                Sentence = string.Concat(Enumerable.Range(0, 4).Select(_ => (char)('m' + random.Next(8)))) + (i % 2 == 0 ? "ab" : "ba"),
            })];
        }

        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.Epochs, o.Network.Family) = (20, EncoderFamily.PreNorm), Rows(96, 1));
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(model.Transform(View(_ml, Rows(60, 2)))).MicroAccuracy);
    }

    [TestMethod]
    [DataRow(EncoderPooling.Mean)]
    [DataRow(EncoderPooling.FirstToken)]
    public void A_frozen_encoder_keeps_its_weights_and_its_embeddings(EncoderPooling pooling)
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml, pooling: pooling);
        float[] before = encoder.Weights();
        IDataView texts = View(_ml, ClassifiedText.Many(30, seed: 8));
        using TextEncoderClassifierTransformer frozen = Fit(_ml, o => (o.Pretrained, o.IsFrozen, o.Dropout, o.HeadDropout) = (encoder, true, 0.3, 0.2));
        CollectionAssert.AreEqual(before, EncoderWeights(frozen));
        Assert.IsTrue(frozen.Weights()["heads.0.weight"].All(w => w != 0), "the head learned");
        float[][] own = Embeddings(encoder, texts), embeddings = Embeddings(frozen, texts);
        for (int i = 0; i < own.Length; i++)
            CollectionAssert.AreEqual(own[i], embeddings[i], $"row {i}");

        using TextEncoderClassifierTransformer trained = Fit(_ml, o => o.Pretrained = encoder);
        CollectionAssert.AreNotEqual(before, EncoderWeights(trained));
        CollectionAssert.AreNotEqual(own[0], Embeddings(trained, texts)[0]);
        CollectionAssert.AreEqual(before, encoder.Weights(), "Fit changed the encoder to go on from");
    }

    [TestMethod]
    public void What_predicts_masked_tokens_is_not_trained()
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml, EncoderFamily.PreNorm);
        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.Pretrained, o.Training.WeightDecay) = (encoder, 0.3));
        Dictionary<string, float[]> weights = model.Weights(), start = encoder.Model.Network.state_dict().ToDictionary(w => w.Key, w => w.Value.data<float>().ToArray());
        string[] kept = [.. start.Keys.Where(name => start[name].SequenceEqual(weights["encoder." + name]))];
        CollectionAssert.AreEquivalent(start.Keys.Where(name => name.StartsWith("prediction", StringComparison.Ordinal) || name == "headBias").ToArray(), kept);
    }

    [TestMethod]
    public void Each_loss_and_its_parameters_count()
    {
        Action<TextEncoderClassifierOptions>[] changes =
        [
            o => o.SquareWeight = 0.05,
            o => o.FewClasses = FewClassesPolicy.KeepSquareWeight,
            o => o.Loss = ClassificationLoss.CrossEntropy,
            o => (o.Loss, o.LabelSmoothing) = (ClassificationLoss.CrossEntropy, 0.2),
            o => o.Loss = ClassificationLoss.RescaledSquare,
            o => (o.Loss, o.TrueClassWeight) = (ClassificationLoss.RescaledSquare, 2),
            o => (o.Loss, o.TrueClassTarget) = (ClassificationLoss.RescaledSquare, 2),
            o => o.ClassWeights = new() { ["bee"] = 3 },
            o => o.HeadDropout = 0.3,
            o => o.Network.Dropout = 0.3,
            o => o.Pooling = EncoderPooling.FirstToken,
            o => o.EncoderLearningRateFactor = 0.5,
            o => o.LayerLearningRateDecay = 0.5,
        ];
        TextEncoderClassifierTransformer[] models = [.. changes.Select(change => Fit(_ml, change))];
        for (int i = 0; i < models.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.IsGreaterThan(1e-5f, Distance(models[i], models[j]), $"{i} and {j}");
        }

        using TextEncoderClassifierTransformer none = Fit(_ml, o => o.SquareWeight = 0);
        Assert.AreEqual(0f, Distance(none, models[2]), 1e-4f, "squentropy without its squares is cross-entropy");
        Array.ForEach(models, model => model.Dispose());
    }

    [TestMethod]
    public void A_run_goes_on_whether_its_pooling_is_named_or_left_to_the_default()
    {
        using var folder = new TemporaryFolder();
        void Train(EncoderPooling? pooling, bool resume) => Fit(_ml, o =>
            (o.Pooling, o.Training.CheckpointFolder, o.Training.Resume) = (pooling, folder.Path, resume)).Dispose();
        Train(EncoderPooling.Mean, resume: false);
        Train(null, resume: true);
        // As it was stored before there was a default.
        Assert.IsTrue(Directory.EnumerateFiles(folder.Path, "*.json", SearchOption.AllDirectories).Any(file => File.ReadAllText(file).Contains("""u0022Mean\u0022""", StringComparison.Ordinal)));
        Assert.Contains("Pooling", Assert.ThrowsExactly<InvalidOperationException>(() => Train(EncoderPooling.FirstToken, resume: true)).Message);
    }

    [TestMethod]
    public void Learning_rates_fall_from_the_head_to_the_embeddings()
    {
        using var generator = new torch.Generator(1);
        using var network = new TextClassifierNetwork(new EncoderNetwork(EncoderOptions.Bert(20, 8, 8, 2, 2), generator), EncoderPooling.Mean, [3], 0, generator);
        double Factor(string name) => network.Group(name, network.get_parameter(name)!, encoderFactor: 0.1, decay: 0.5).LearningRateFactor;
        Assert.AreEqual(1, Factor("heads.0.weight"));
        Assert.AreEqual(0.1, Factor("encoder.transformer.blocks.1.attention.input.weight"), 1e-12);
        Assert.AreEqual(0.05, Factor("encoder.transformer.blocks.0.attention.input.weight"), 1e-12);
        foreach (string embedding in (string[])["encoder.tokens", "encoder.positions", "encoder.types", "encoder.norm.weight"])
            Assert.AreEqual(0.025, Factor(embedding), 1e-12, embedding);
    }

    [TestMethod]
    public void Kinds_of_tokens_matter()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(ClassifiedText.Many(48));
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", SecondInputColumnName = "Second", MaxTokenLength = 1 }))
            .Fit(texts).Transform(texts);
        TextEncoderClassifierTransformer Train(string? types) =>
            _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => (o.TokenTypesColumnName, o.Network.ContextLength) = (types, 24))).Fit(data);
        using TextEncoderClassifierTransformer with = Train("TokenTypes"), without = Train(null);
        Assert.IsGreaterThan(1e-5f, Distance(with, without));
    }

    [TestMethod]
    public void Validation_measures_the_rows_that_were_given()
    {
        var recorder = new Recorder();
        ClassifiedText[] rows = ClassifiedText.Many(30, seed: 9);
        IDataView validation = View(_ml, rows);
        using TextEncoderClassifierTransformer model = Fit(_ml, o =>
        {
            (o.ValidationData, o.Training.RestoreBestWeights, o.Training.Progress) = (validation, false, recorder);
        });
        TrainingProgress[] ends = [.. recorder.Reports.Where(p => p.IsEpochEnd)];
        CollectionAssert.AreEqual(new[] { "Loss", "Accuracy", "LogLoss" }, ends[0].Validation.Select(m => m.Name).ToArray());
        float[][] scores = [.. model.Transform(validation).GetColumn<float[]>("Score")];
        double logLoss = scores.Select((s, i) => -Math.Log(s[i % 3])).Average();
        Assert.AreEqual(logLoss, ends[^1].Validation.Single(m => m.Name == "LogLoss").Value, 1e-5);

        using TextEncoderClassifierTransformer calibrated = Fit(_ml, o => (o.ValidationData, o.TemperatureScaling) = (validation, true));
        Assert.AreEqual(1, model.Temperature);
        Assert.AreNotEqual(1, calibrated.Temperature);
    }

    [TestMethod]
    public void A_weight_of_two_counts_like_the_row_twice_and_one_of_nothing_not_at_all()
    {
        ClassifiedText[] rows = ClassifiedText.Many(12), weighted = ClassifiedText.Many(12);
        (weighted[4].Weight, weighted[7].Weight, weighted[7].Sentence) = (2, 0, new string('a', 99));
        static void InOneBatch(TextEncoderClassifierOptions o)
        {
            (o.BatchSize, o.Epochs) = (64, 5);
            (o.Training.Optimizer, o.Training.LearningRate) = (OptimizerKind.SgdNesterov, 0.1);
        }

        using TextEncoderClassifierTransformer twice = Fit(_ml, InOneBatch, [.. rows.Where((_, i) => i != 7), rows[4]]);
        using TextEncoderClassifierTransformer by = Fit(_ml, o =>
        {
            InOneBatch(o);
            o.ExampleWeightColumnName = "Weight";
        }, weighted);
        Assert.AreEqual(0f, Distance(twice, by), 1e-5f);
    }

    [TestMethod]
    public void An_encoder_of_a_Hugging_Face_directory_goes_on_as_the_one_that_was_written()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(ClassifiedText.Many(48));
        IDataView Tokenized(WordPieceTokenizer? tokenizer) => _ml.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", VocabularySize = 60, Tokenizer = tokenizer }))
            .Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer written = TinyEncoder.Fit(_ml, o => o.Network.Family = EncoderFamily.Bert, Tokenized(null));
        using var folder = new TemporaryFolder();
        written.SaveHuggingFace(Path.Combine(folder.Path, "encoder"));
        using MaskedLanguageModelTransformer read = _ml.LanguageModeling.LoadHuggingFaceEncoder(Path.Combine(folder.Path, "encoder"));
        TextEncoderClassifierTransformer Train(MaskedLanguageModelTransformer encoder) => _ml.MulticlassClassification.Trainers
            .TextEncoderClassifier(Quick(o => o.Pretrained = encoder)).Fit(Tokenized((WordPieceTokenizer)encoder.Tokenizer!));
        using TextEncoderClassifierTransformer expected = Train(written), model = Train(read);
        Assert.AreEqual(0f, Distance(expected, model));
    }

    private static float[] EncoderWeights(TextEncoderClassifierTransformer model) => [.. model.Weights().Where(w => w.Key.StartsWith("encoder.", StringComparison.Ordinal)).OrderBy(w => w.Key).SelectMany(w => w.Value)];

    private static float[][] Embeddings(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Embedding")];
}
