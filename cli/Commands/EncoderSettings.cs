using System.CommandLine;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="MaskedLanguageModelOptions"/>; their defaults are its own.</summary>
internal sealed class EncoderSettings
{
    private static readonly MaskedLanguageModelOptions s_defaults = new();

    /// <summary>The kinds of dropping as typed.</summary>
    private static readonly Dictionary<string, TokenDroppingKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = TokenDroppingKind.None,
        ["token-dropping"] = TokenDroppingKind.TokenDropping,
        ["sctd"] = TokenDroppingKind.Consistent,
    };

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch, each of up to --context tokens.", s_defaults.ValidationFraction);
    private readonly EncoderShapeOptions _shape = new("--from");
    private readonly Option<double> _maskRate = CheckedOption.Number("--mask-rate", "The share of tokens that are predicted.", s_defaults.Masking.Rate, v => v is > 0 and <= 1, "in (0, 1]");
    private readonly Option<bool> _wholeWords = new("--whole-words") { Description = "Predict all the tokens of a word together." };
    private readonly Option<TokenDroppingKind> _dropping = CheckedOption.Choice("--dropping", "Whether the middle layers read only the tokens that are hard to predict, which is cheaper (arXiv 2203.13240); with sctd they are held to what they say when they read all (arXiv 2305.15273).", s_defaults.Dropping.Kind, s_kinds);
    private readonly Option<double> _keepRatio = CheckedOption.Number("--keep-ratio", "The share of tokens that the middle layers read.", s_defaults.Dropping.KeepRatio, v => v is > 0 and <= 1, "in (0, 1]");

    /// <inheritdoc cref="EncoderShapeOptions.OfNetwork"/>
    public IReadOnlyList<Option> OfNetwork => _shape.OfNetwork;

    public void AddTo(Command command)
    {
        foreach (Option option in _shape.All.Concat([_maskRate, _wholeWords, _dropping, _keepRatio]))
            command.Add(option);
        _common.AddTo(command);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="contextLength">The most tokens that a new network reads.</param>
    /// <param name="goesOn">Whether there is no new network, but a model to go on from.</param>
    /// <exception cref="UserErrorException">Two options do not go together.</exception>
    public MaskedLanguageModelOptions Read(ParseResult parsed, int contextLength, bool goesOn)
    {
        var options = new MaskedLanguageModelOptions
        {
            Network = _shape.Read(parsed, contextLength),
            Dropout = goesOn ? _shape.DropoutOfModel(parsed) : null,
            Masking = { Rate = parsed.GetValue(_maskRate), WholeWords = parsed.GetValue(_wholeWords) },
            Dropping = { Kind = parsed.GetValue(_dropping), KeepRatio = parsed.GetValue(_keepRatio) },
            BatchSize = _common.BatchSize(parsed),
            ValidationFraction = _common.ValidationFraction(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        if (options.Dropping.Kind == TokenDroppingKind.None && parsed.GetResult(_keepRatio) is { Implicit: false })
            throw new UserErrorException($"{_keepRatio.Name} needs {_dropping.Name} token-dropping or sctd, by which tokens are dropped.");
        if (options.Dropping.Kind != TokenDroppingKind.None && !goesOn && options.Network.Layers < 2)
            throw new UserErrorException($"{_dropping.Name}: tokens are dropped between two layers or more; raise --layers.");
        return options;
    }
}
