using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using static MLNetExt.Tests.Classification.TextClassifierData;

namespace MLNetExt.Tests.Classification;

/// <summary>Embeddings as the features of any trainer of ML.NET.</summary>
[TestClass]
public sealed class EmbeddingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_trainer_of_ML_NET_learns_from_the_embeddings_of_an_encoder()
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        double accuracy = AccuracyOf(encoder);
        Assert.IsGreaterThan(0.5, accuracy, "three classes");
        using TextEncoderClassifierTransformer classifier = Fit(_ml, o => (o.Pretrained, o.Epochs) = (encoder, 15), ClassifiedText.Many(120));
        Assert.IsGreaterThan(Math.Max(0.8, accuracy), AccuracyOf(classifier), "what it learned of the classes is in its embeddings");
    }

    [TestMethod]
    public void A_pipeline_of_encoder_and_trainer_is_saved_as_one_model()
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        IDataView data = View(_ml, ClassifiedText.Many(48));
        var model = encoder.Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "Embedding").Fit(_ml.Data.Cache(encoder.Transform(data))));
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.zip");
        _ml.Model.Save(model, data.Schema, path);
        ITransformer loaded = _ml.Model.Load(path, out _);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")], actual = [.. loaded.Transform(data).GetColumn<float[]>("Score")];
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i], $"row {i}");
    }

    private double AccuracyOf(ITransformer embedding)
    {
        var features = _ml.Transforms.NormalizeMeanVariance("Features", "Embedding");
        var model = features.AppendCacheCheckpoint(_ml).Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy()).Fit(embedding.Transform(View(_ml, ClassifiedText.Many(120))));
        return _ml.MulticlassClassification.Evaluate(model.Transform(embedding.Transform(View(_ml, ClassifiedText.Many(90, seed: 8))))).MicroAccuracy;
    }
}
