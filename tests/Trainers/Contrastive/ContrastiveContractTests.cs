using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.LanguageModeling;
using MLNetExt.Objectives;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.LanguageModeling;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Contrastive;

[TestClass]
public sealed class VectorPairTests : ContrastiveContract
{
    protected override void Configure(SigmoidContrastiveOptions options) => (options.Left.Dropout, options.ValidationFraction) = (0.2, 0.2);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Left"] = AnyInput, ["Right"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows =>
    [
        new("NaN on the left", "Left", r => r.Left[1] = float.NaN),
        new("infinity on the right", "Right", r => r.Right[0] = float.PositiveInfinity),
    ];
}

/// <summary>Micro-batches, drawn negatives and a linear tower.</summary>
[TestClass]
public sealed class MicroBatchPairTests : ContrastiveContract
{
    protected override void Configure(SigmoidContrastiveOptions options)
    {
        (options.MicroBatchSize, options.Negatives, options.Left.Dropout) = (6, NegativeKind.Random, 0.3);
        options.Right.Kind = TowerKind.Linear;
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Left"] = AnyInput, ["Right"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows =>
    [
        new("NaN on the left", "Left", r => r.Left[1] = float.NaN),
    ];
}

[TestClass]
public sealed class TextPairTests : ContrastiveContract
{
    protected override void Configure(SigmoidContrastiveOptions options) =>
        (options.LeftColumnName, options.RightColumnName, options.Left.HashBits, options.Right.HashBits) = ("LeftText", "RightText", 10, 10);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["LeftText"] = AnyInput, ["RightText"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows =>
    [
        new("an empty text", "LeftText", r => r.LeftText = ""),
        new("a text of spaces", "RightText", r => r.RightText = "  "),
    ];
}

/// <summary>Tokens against vectors; the softmax loss.</summary>
[TestClass]
public sealed class TokenPairTests : ContrastiveContract
{
    protected override void Configure(SigmoidContrastiveOptions options)
    {
        (options.LeftColumnName, options.Left.Heads, options.Left.Depth, options.Left.Dropout) = ("Tokens", 2, 1, 0.1);
        options.Loss = ContrastiveLoss.Softmax;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, SigmoidContrastiveOptions options) => Tokenize(ml).Append(base.Create(ml, options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => Tokenize(ml).Append(base.CreateShort(ml));

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Right"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows => [new("no tokens", "Tokens", r => r.LeftText = "")];

    private static BytePairEstimator Tokenize(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", nameof(PairRow.LeftText), vocabularySize: 300);
}

/// <summary>A pre-trained encoder's tokens against vectors, with micro-batches.</summary>
[TestClass]
public sealed class EncoderPairTests : ContrastiveContract
{
    private static readonly Lazy<MaskedLanguageModelTransformer> s_encoder = new(() => TinyEncoder.Fit(new MLContext(seed: 1)));

    protected override void Configure(SigmoidContrastiveOptions options) =>
        (options.LeftColumnName, options.Left.Encoder, options.Left.Dropout, options.MicroBatchSize) = ("Tokens", s_encoder.Value, 0.1, 6);

    protected override IEstimator<ITransformer> Create(MLContext ml, SigmoidContrastiveOptions options) => Tokenize(ml).Append(base.Create(ml, options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => Tokenize(ml).Append(base.CreateShort(ml));

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Right"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows => [new("no tokens", "Tokens", r => r.RightText = "")];

    private static BytePairEstimator Tokenize(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", nameof(PairRow.RightText), vocabularySize: 261);
}

[TestClass]
public sealed class UserNetworkPairTests : ContrastiveContract
{
    protected override void Configure(SigmoidContrastiveOptions options) => (options.Left.Kind, options.Left.Network) = (TowerKind.Custom, new UserNetwork());

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Left"] = AnyInput, ["Right"] = AnyInput };

    protected override IEnumerable<BadRow<PairRow>> BadRows => [new("NaN on the left", "Left", r => r.Left[1] = float.NaN)];
}
