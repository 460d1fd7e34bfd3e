using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.LanguageModeling;
using MLNetExt.Training;

namespace MLNetExt.Tests.Classification;

/// <summary>How the contract's clauses reach into <see cref="TextEncoderClassifier"/>; its subclasses differ in encoder, loss and texts.</summary>
public abstract class TextEncoderClassifierContract : ClassifierContract<TextEncoderClassifierOptions, ClassifiedText, ClassifiedTextPrediction>
{
    private static readonly Lazy<MaskedLanguageModelTransformer> s_pretrained = new(() => TinyEncoder.Fit(new MLContext(seed: 1), o =>
        (o.Network.Family, o.Network.ContextLength, o.Network.Width, o.Network.Layers, o.Network.Dropout) = (EncoderFamily.Bert, 16, 16, 2, 0.1)));

    /// <summary>A small encoder of letters.</summary>
    protected static MaskedLanguageModelTransformer Pretrained => s_pretrained.Value;

    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(TextEncoderClassifierOptions options);

    /// <summary>The encoder of the catalog's short overload, one for what <see cref="Tokenize"/> makes.</summary>
    protected virtual MaskedLanguageModelTransformer? ShortPretrained => Pretrained;

    /// <summary>How texts become tokens.</summary>
    protected virtual IEstimator<ITransformer> Tokenize(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261);

    protected override TextEncoderClassifierOptions Options()
    {
        var options = new TextEncoderClassifierOptions { BatchSize = 8, Seed = 5, Epochs = 4, LearningRate = 0.01 };
        Configure(options);
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, TextEncoderClassifierOptions options) => Tokenize(ml).Append(ml.MulticlassClassification.Trainers.TextEncoderClassifier(options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => Tokenize(ml).Append(
        ml.MulticlassClassification.Trainers.TextEncoderClassifier("Label", "Tokens", "Weight", ShortPretrained, epochs: 2, batchSize: 16, learningRate: 0.01));

    protected override TextEncoderClassifierOptions ShortOptions() => new()
    {
        ExampleWeightColumnName = "Weight",
        Pretrained = ShortPretrained,
        BatchSize = 16,
        Training = new() { Epochs = 2, LearningRate = 0.01, WarmupFraction = 0.1 },
    };

    protected override ClassifiedText[] Rows() => ClassifiedText.Many(90);

    protected override int PredictionsForMemory => 2_000;

    protected override TrainingOptions Training(TextEncoderClassifierOptions options) => options.Training;

    protected override void SetSeed(TextEncoderClassifierOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(TextEncoderClassifierOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override void SetBlockSize(TextEncoderClassifierOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override void FailOnMissingLabels(TextEncoderClassifierOptions options) => options.MissingLabels = MissingLabelPolicy.Fail;

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Label"] = "a key", ["Sentence"] = "text" };

    protected override IEnumerable<BadRow<ClassifiedText>> BadRows => [new("a text longer than the positions", "Tokens", r => r.Sentence = new string('a', 40))];
}
