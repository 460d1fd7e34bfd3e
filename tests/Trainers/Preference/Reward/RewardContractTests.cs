using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.LanguageModeling;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Preference;

/// <summary>Linear, with margins and validation.</summary>
[TestClass]
public sealed class LinearRewardTests : RewardContract
{
    protected override void Configure(RewardModelOptions options) => (options.MarginColumnName, options.ValidationFraction) = ("Margin", 0.2);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } =
        new Dictionary<string, string> { ["Chosen"] = AnyInput, ["Rejected"] = AnyInput, ["Margin"] = "a number" };

    protected override IEnumerable<BadRow<RewardRow>> BadRows =>
    [
        .. base.BadRows,
        new("a negative margin", "Margin", r => r.Margin = -1),
        new("a margin of NaN", "Margin", r => r.Margin = float.NaN),
    ];
}

[TestClass]
public sealed class HiddenLayerRewardTests : RewardContract
{
    protected override void Configure(RewardModelOptions options) => (options.Tower.Kind, options.Tower.Width, options.Tower.Depth, options.Tower.Dropout) = (TowerKind.Mlp, 16, 2, 0.2);
}

[TestClass]
public sealed class TextRewardTests : RewardContract
{
    protected override void Configure(RewardModelOptions options)
    {
        (options.ChosenColumnName, options.RejectedColumnName, options.InputColumnName) = ("ChosenText", "RejectedText", "Response");
        (options.Tower.HashBits, options.Tower.Width, options.Tower.Dropout) = (10, 16, 0.1);
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["ChosenText"] = AnyInput, ["RejectedText"] = AnyInput };

    protected override IEnumerable<BadRow<RewardRow>> BadRows =>
    [
        new("an empty text", "ChosenText", r => r.ChosenText = ""),
        new("a text of spaces", "RejectedText", r => r.RejectedText = "  "),
        new("the same on both sides", "ChosenText", r => r.RejectedText = r.ChosenText),
    ];
}

/// <summary>The transformer over tokens, which one tokenizer makes of all three columns.</summary>
[TestClass]
public class TokenRewardTests : RewardContract
{
    private static readonly Lazy<BytePairTokenizer> s_tokenizer = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.Text.TokenizeBytePairs("Tokens", nameof(RewardRow.Response), vocabularySize: 280).Fit(Rewards.Data(ml)).Tokenizer;
    });

    protected override void Configure(RewardModelOptions options)
    {
        (options.ChosenColumnName, options.RejectedColumnName, options.InputColumnName) = ("ChosenTokens", "RejectedTokens", "Tokens");
        (options.Tower.Width, options.Tower.Heads, options.Tower.Depth, options.Tower.MaxTokens, options.Tower.Dropout) = (16, 2, 1, 48, 0.1);
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, RewardModelOptions options) => Tokenize(ml).Append(base.Create(ml, options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => Tokenize(ml).Append(base.CreateShort(ml));

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["ChosenText"] = "text", ["RejectedText"] = "text" };

    protected override IEnumerable<BadRow<RewardRow>> BadRows =>
    [
        new("no tokens", "ChosenTokens", r => r.ChosenText = ""),
        new("the same on both sides", "ChosenTokens", r => r.RejectedText = r.ChosenText),
    ];

    protected static EstimatorChain<BytePairTransformer> Tokenize(MLContext ml)
    {
        BytePairEstimator Column(string output, string input) =>
            ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { OutputColumnName = output, InputColumnName = input, Tokenizer = s_tokenizer.Value });
        return Column("ChosenTokens", "ChosenText").Append(Column("RejectedTokens", "RejectedText")).Append(Column("Tokens", "Response"));
    }
}

/// <summary>A pre-trained encoder over tokens.</summary>
[TestClass]
public sealed class EncoderRewardTests : TokenRewardTests
{
    private static readonly Lazy<MaskedLanguageModelTransformer> s_encoder = new(() =>
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Rewards.Data(ml);
        return TinyEncoder.Fit(ml, o => (o.TokensColumnName, o.Network.ContextLength, o.Network.Width, o.Network.Layers) = ("Tokens", 48, 16, 1), Tokenize(ml).Fit(data).Transform(data));
    });

    protected override void Configure(RewardModelOptions options)
    {
        base.Configure(options);
        options.Tower.Encoder = s_encoder.Value;
    }
}

[TestClass]
public sealed class UserNetworkRewardTests : RewardContract
{
    protected override void Configure(RewardModelOptions options) => (options.Tower.Kind, options.Tower.Network) = (TowerKind.Custom, new UserNetwork());
}
