using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.LanguageModeling;

namespace MLNetExt.Tests.Classification;

/// <summary>Texts, encoders and quick options for tests of the text classifier.</summary>
internal static class TextClassifierData
{
    /// <summary>Rows with a key <c>Label</c> of the classes of <see cref="Blobs"/>, another, <c>TopicKey</c>, the vector <c>Tags</c>, and <c>Tokens</c>, one for each letter.</summary>
    public static IDataView View(MLContext ml, IEnumerable<ClassifiedText> rows)
    {
        IDataView all = ml.Data.LoadFromEnumerable(ClassifiedText.Many(9));
        return ml.Transforms.Conversion.MapValueToKey("Label", nameof(ClassifiedText.Class))
            .Append(ml.Transforms.Conversion.MapValueToKey("TopicKey", nameof(ClassifiedText.Topic)))
            .Append(Tags(ml))
            .Append(ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261))
            .Fit(all).Transform(ml.Data.LoadFromEnumerable(rows));
    }

    /// <summary>From <see cref="ClassifiedText.TagNames"/> to <c>Tags</c>, a slot for each tag.</summary>
    public static IEstimator<ITransformer> Tags(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("TagKeys", nameof(ClassifiedText.TagNames))
        .Append(ml.Transforms.Conversion.MapKeyToVector("Tags", "TagKeys", outputCountVector: true));

    /// <summary>A pre-trained encoder of 16 components and 2 blocks.</summary>
    public static MaskedLanguageModelTransformer Encoder(MLContext ml, EncoderFamily family = EncoderFamily.Bert, EncoderPooling pooling = EncoderPooling.Mean) =>
        TinyEncoder.Fit(ml, o => (o.Network.Family, o.Network.ContextLength, o.Network.Width, o.Network.Layers, o.Pooling) = (family, 16, 16, 2, pooling));

    /// <summary>A small new encoder, 2 epochs.</summary>
    public static TextEncoderClassifierOptions Quick(Action<TextEncoderClassifierOptions>? change = null)
    {
        var options = new TextEncoderClassifierOptions
        {
            BatchSize = 16,
            Seed = 5,
            Epochs = 2,
            LearningRate = 0.01,
            Network = { ContextLength = 16, Width = 16, Layers = 2, Heads = 2, Dropout = 0 },
            HeadDropout = 0,
        };
        change?.Invoke(options);
        return options;
    }

    public static TextEncoderClassifierTransformer Fit(MLContext ml, Action<TextEncoderClassifierOptions>? change = null, IEnumerable<ClassifiedText>? rows = null) =>
        ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(change)).Fit(View(ml, rows ?? ClassifiedText.Many(48)));

    /// <summary>All weights by name.</summary>
    public static Dictionary<string, float[]> Weights(this TextEncoderClassifierTransformer model) => model.Model.Weights.ToDictionary(w => w.Key, w => w.Value.data<float>().ToArray());

    /// <summary>The largest difference between two models' weights.</summary>
    public static float Distance(TextEncoderClassifierTransformer a, TextEncoderClassifierTransformer b)
    {
        Dictionary<string, float[]> first = a.Weights(), second = b.Weights();
        return first.Max(w => w.Value.Zip(second[w.Key], (x, y) => Math.Abs(x - y)).Max());
    }
}
