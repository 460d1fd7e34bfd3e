using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Classification;

/// <summary>A pre-trained BERT with squentropy, weights, validation, a temperature, and rates that fall towards the embeddings.</summary>
[TestClass]
public sealed class PretrainedTextClassifierTests : TextEncoderClassifierContract
{
    protected override void Configure(TextEncoderClassifierOptions options)
    {
        (options.Pretrained, options.Dropout, options.ExampleWeightColumnName) = (Pretrained, 0.1, "Weight");
        (options.ValidationFraction, options.TemperatureScaling, options.LayerLearningRateDecay) = (0.2, true, 0.9);
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>(base.RequiredColumns) { ["Weight"] = "a number" };

    protected override IEnumerable<BadRow<ClassifiedText>> BadRows =>
    [
        .. base.BadRows,
        new("a negative weight", "Weight", r => r.Weight = -1),
        new("a weight that is NaN", "Weight", r => r.Weight = float.NaN),
    ];
}

/// <summary>A new encoder of pairs with norms before its sublayers, by cross-entropy, without buckets, with recomputed activations.</summary>
[TestClass]
public sealed class PairTextClassifierTests : TextEncoderClassifierContract
{
    private static readonly Lazy<WordPieceTokenizer> s_tokenizer = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 60).Fit(ml.Data.LoadFromEnumerable(ClassifiedText.Many(90))).Tokenizer;
    });

    protected override MaskedLanguageModelTransformer? ShortPretrained => null;

    protected override void Configure(TextEncoderClassifierOptions options)
    {
        (options.TokenTypesColumnName, options.Loss, options.LabelSmoothing) = ("TokenTypes", ClassificationLoss.CrossEntropy, 0.1);
        (options.BucketByLength, options.RecomputeActivations) = (false, true);
        (options.Network.Family, options.Network.ContextLength, options.Network.Width, options.Network.Layers, options.Network.Heads) = (EncoderFamily.PreNorm, 24, 16, 2, 2);
    }

    protected override IEstimator<ITransformer> Tokenize(MLContext ml) => ml.Transforms.Text.TokenizeWordPieces(
        new WordPieceOptions { InputColumnName = "Sentence", SecondInputColumnName = "Second", Tokenizer = s_tokenizer.Value });

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>(base.RequiredColumns) { ["Second"] = "text" };
}

/// <summary>A pre-trained BERT that stays as it is, with the rescaled square loss.</summary>
[TestClass]
public sealed class FrozenTextClassifierTests : TextEncoderClassifierContract
{
    protected override void Configure(TextEncoderClassifierOptions options)
    {
        (options.Pretrained, options.IsFrozen) = (Pretrained, true);
        (options.Loss, options.LearningRate, options.BalanceClasses) = (ClassificationLoss.RescaledSquare, 0.05, true);
    }
}
