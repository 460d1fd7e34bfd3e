using System.CommandLine;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="MaskedLanguageModelOptions"/>; their defaults are its own.</summary>
internal sealed class EncoderSettings
{
    private static readonly MaskedLanguageModelOptions s_defaults = new();

    /// <summary>The families as typed.</summary>
    private static readonly Dictionary<string, EncoderFamily> s_families = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bert"] = EncoderFamily.Bert,
        ["pre-norm"] = EncoderFamily.PreNorm,
    };

    /// <summary>The kinds of dropping as typed.</summary>
    private static readonly Dictionary<string, TokenDroppingKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = TokenDroppingKind.None,
        ["token-dropping"] = TokenDroppingKind.TokenDropping,
        ["sctd"] = TokenDroppingKind.Consistent,
    };

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch, each of up to --context tokens.", s_defaults.ValidationFraction);
    private readonly Option<EncoderFamily> _family = CheckedOption.Choice("--family", "Where the blocks of the network normalise.", s_defaults.Network.Family, s_families);
    private readonly Option<bool> _stem = new("--local-stem") { Description = "Let each token first receive its neighbours, without which small networks learn slowly." };
    private readonly Option<int> _width = CheckedOption.Integer("--width", "The size of a token's vector; a multiple of --heads.", s_defaults.Network.Width, atLeast: 1);
    private readonly Option<int> _layers = CheckedOption.Integer("--layers", "The number of transformer blocks.", s_defaults.Network.Layers, atLeast: 1);
    private readonly Option<int> _heads = CheckedOption.Integer("--heads", "The number of attention heads.", s_defaults.Network.Heads, atLeast: 1);
    private readonly Option<double> _dropout = CheckedOption.Number("--dropout", "The share of each sublayer's outputs that is dropped in training. With --from by default that of the model.", s_defaults.Network.Dropout, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<double> _maskRate = CheckedOption.Number("--mask-rate", "The share of tokens that are predicted.", s_defaults.Masking.Rate, v => v is > 0 and <= 1, "in (0, 1]");
    private readonly Option<bool> _wholeWords = new("--whole-words") { Description = "Predict all the tokens of a word together." };
    private readonly Option<TokenDroppingKind> _dropping = CheckedOption.Choice("--dropping", "Whether the middle layers read only the tokens that are hard to predict, which is cheaper (arXiv 2203.13240); with sctd they are held to what they say when they read all (arXiv 2305.15273).", s_defaults.Dropping.Kind, s_kinds);
    private readonly Option<double> _keepRatio = CheckedOption.Number("--keep-ratio", "The share of tokens that the middle layers read.", s_defaults.Dropping.KeepRatio, v => v is > 0 and <= 1, "in (0, 1]");

    /// <summary>The options that say what a new network is.</summary>
    public IReadOnlyList<Option> OfNetwork => [_family, _stem, _width, _layers, _heads];

    public void AddTo(Command command)
    {
        foreach (Option option in OfNetwork.Concat([_dropout, _maskRate, _wholeWords, _dropping, _keepRatio]))
            command.Add(option);
        _common.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_keepRatio) is { Implicit: false } && result.GetResult(_dropping) is not { Implicit: false })
                result.AddError($"{_keepRatio.Name} needs {_dropping.Name}, which says how tokens are dropped.");
        });
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="contextLength">The most tokens that a new network reads.</param>
    /// <param name="goesOn">Whether there is no new network, but a model to go on from.</param>
    /// <exception cref="UserErrorException">Two options do not go together.</exception>
    public MaskedLanguageModelOptions Read(ParseResult parsed, int contextLength, bool goesOn)
    {
        var options = new MaskedLanguageModelOptions
        {
            Network =
            {
                Family = parsed.GetValue(_family),
                LocalStem = parsed.GetValue(_stem),
                ContextLength = contextLength,
                Width = parsed.GetValue(_width),
                Layers = parsed.GetValue(_layers),
                Heads = parsed.GetValue(_heads),
                Dropout = parsed.GetValue(_dropout),
            },
            Dropout = goesOn && parsed.GetResult(_dropout) is { Implicit: false } ? parsed.GetValue(_dropout) : null,
            Masking = { Rate = parsed.GetValue(_maskRate), WholeWords = parsed.GetValue(_wholeWords) },
            Dropping = { Kind = parsed.GetValue(_dropping), KeepRatio = parsed.GetValue(_keepRatio) },
            BatchSize = _common.BatchSize(parsed),
            ValidationFraction = _common.ValidationFraction(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        return goesOn || options.Network.Layers >= 2 || options.Dropping.Kind == TokenDroppingKind.None
            ? options
            : throw new UserErrorException($"{_dropping.Name}: tokens are dropped between two layers or more; raise {_layers.Name}.");
    }
}
