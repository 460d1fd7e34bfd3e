using System.CommandLine;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="CausalLanguageModelOptions"/>; their defaults are its own.</summary>
internal sealed class LanguageModelSettings
{
    private static readonly CausalLanguageModelOptions s_defaults = new();

    /// <summary>The families as typed.</summary>
    private static readonly Dictionary<string, DecoderFamily> s_families = new(StringComparer.OrdinalIgnoreCase)
    {
        ["llama"] = DecoderFamily.Llama,
        ["gpt2"] = DecoderFamily.Gpt2,
    };

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch, each of up to --context tokens.", s_defaults.ValidationFraction);
    private readonly Option<DecoderFamily> _family = CheckedOption.Choice("--family", "The family of the network.", s_defaults.Network.Family, s_families);
    private readonly Option<int> _width = CheckedOption.Integer("--width", "The size of a token's vector; a multiple of --heads.", s_defaults.Network.Width, atLeast: 1);
    private readonly Option<int> _layers = CheckedOption.Integer("--layers", "The number of transformer blocks.", s_defaults.Network.Layers, atLeast: 1);
    private readonly Option<int> _heads = CheckedOption.Integer("--heads", "The number of attention heads.", s_defaults.Network.Heads, atLeast: 1);
    private readonly Option<double> _dropout = CheckedOption.Number("--dropout", "The share of each sublayer's outputs that is dropped in training. With --from by default that of the model.", s_defaults.Network.Dropout, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<int> _randomMask = GoldfishSettings.DropOption("--random-mask", "Drop one of so many tokens from the loss at random, others each time: it does not protect, and is there to compare with. 0 for none.");

    /// <summary>The options that say what a new network is.</summary>
    public IReadOnlyList<Option> OfNetwork => [_family, _width, _layers, _heads];

    public void AddTo(Command command)
    {
        foreach (Option option in OfNetwork)
            command.Add(option);
        command.Add(_dropout);
        command.Add(_randomMask);
        _common.AddTo(command);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="contextLength">The most tokens that a new network reads at once.</param>
    /// <param name="goesOn">Whether there is no new network, but a model to go on from.</param>
    public CausalLanguageModelOptions Read(ParseResult parsed, int contextLength, bool goesOn)
    {
        var options = new CausalLanguageModelOptions
        {
            Network =
            {
                Family = parsed.GetValue(_family),
                ContextLength = contextLength,
                Width = parsed.GetValue(_width),
                Layers = parsed.GetValue(_layers),
                Heads = parsed.GetValue(_heads),
                Dropout = parsed.GetValue(_dropout),
            },
            Dropout = goesOn && parsed.GetResult(_dropout) is { Implicit: false } ? parsed.GetValue(_dropout) : null,
            RandomTokenMask = parsed.GetValue(_randomMask),
            BatchSize = _common.BatchSize(parsed),
            ValidationFraction = _common.ValidationFraction(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        return options;
    }
}
