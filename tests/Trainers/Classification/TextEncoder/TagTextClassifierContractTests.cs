using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;
using MLNetExt.Training;

namespace MLNetExt.Tests.Classification;

/// <summary>Tags, and a class beside them, over one new encoder, with smoothing, weights, validation and a temperature for each.</summary>
[TestClass]
public sealed class TagTextClassifierContractTests : TrainerContract<TextEncoderClassifierOptions, ClassifiedText, TaggedTextPrediction>
{
    protected override TextEncoderClassifierOptions Options() => new()
    {
        LabelColumnName = "Tags",
        AdditionalLabelColumnNames = ["TopicKey"],
        ExampleWeightColumnName = "Weight",
        LabelSmoothing = 0.05,
        ValidationFraction = 0.2,
        TemperatureScaling = true,
        Network = { ContextLength = 16, Width = 16, Layers = 2, Heads = 2 },
        BatchSize = 8,
        Seed = 5,
        Epochs = 4,
        LearningRate = 0.01,
    };

    protected override IEstimator<ITransformer> Before(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("TopicKey", nameof(ClassifiedText.Topic))
        .Append(TextClassifierData.Tags(ml));

    protected override IEstimator<ITransformer> Create(MLContext ml, TextEncoderClassifierOptions options) => Tokenize(ml).Append(ml.MulticlassClassification.Trainers.TextEncoderClassifier(options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => Tokenize(ml).Append(
        ml.MulticlassClassification.Trainers.TextEncoderClassifier("Tags", "Tokens", "Weight", epochs: 1, batchSize: 64, learningRate: 0.01));

    protected override TextEncoderClassifierOptions ShortOptions() => new()
    {
        LabelColumnName = "Tags",
        ExampleWeightColumnName = "Weight",
        BatchSize = 64,
        Training = new() { Epochs = 1, LearningRate = 0.01, WarmupFraction = 0.1 },
    };

    protected override ClassifiedText[] Rows() => ClassifiedText.Many(90);

    protected override int PredictionsForMemory => 2_000;

    protected override TrainingOptions Training(TextEncoderClassifierOptions options) => options.Training;

    protected override void SetSeed(TextEncoderClassifierOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(TextEncoderClassifierOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override void SetBlockSize(TextEncoderClassifierOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>
    {
        ["Tags"] = "a key, or a vector of Single or Boolean of known length",
        ["TopicKey"] = "a key",
        ["Sentence"] = "text",
        ["Weight"] = "a number",
    };

    protected override IEnumerable<BadRow<ClassifiedText>> BadRows =>
    [
        new("a text longer than the positions", "Tokens", r => r.Sentence = new string('a', 40)),
        new("a tag twice", "Tags", r => r.TagNames = ["bee", "bee"]),
        new("a negative weight", "Weight", r => r.Weight = -1),
    ];

    private static BytePairEstimator Tokenize(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261);
}
