using System.CommandLine;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="EncoderNetworkOptions"/>; their defaults are its own.</summary>
/// <param name="option">The option that names an encoder to go on from, which has a network of its own.</param>
internal sealed class EncoderShapeOptions(string option)
{
    private static readonly EncoderNetworkOptions s_defaults = new();

    /// <summary>The families as typed.</summary>
    private static readonly Dictionary<string, EncoderFamily> s_families = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bert"] = EncoderFamily.Bert,
        ["pre-norm"] = EncoderFamily.PreNorm,
    };

    private readonly Option<EncoderFamily> _family = CheckedOption.Choice("--family", "Where the blocks of the network normalise.", s_defaults.Family, s_families);
    private readonly Option<bool> _stem = new("--local-stem") { Description = "Let each token first receive its neighbours, without which small networks learn slowly." };
    private readonly Option<int> _width = CheckedOption.Integer("--width", "The size of a token's vector; a multiple of --heads.", s_defaults.Width, atLeast: 1);
    private readonly Option<int> _layers = CheckedOption.Integer("--layers", "The number of transformer blocks.", s_defaults.Layers, atLeast: 1);
    private readonly Option<int> _heads = CheckedOption.Integer("--heads", "The number of attention heads.", s_defaults.Heads, atLeast: 1);
    private readonly Option<double> _dropout = CheckedOption.Number("--dropout", $"The share of each sublayer's outputs that is dropped in training. With {option} by default that of the model.", s_defaults.Dropout, v => v is >= 0 and < 1, "in [0, 1)");

    /// <summary>The options that say what a new network is.</summary>
    public IReadOnlyList<Option> OfNetwork => [_family, _stem, _width, _layers, _heads];

    /// <summary>The share of each sublayer's outputs that is dropped, of a new network or of a model.</summary>
    public Option<double> Dropout => _dropout;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [.. OfNetwork, _dropout];

    /// <param name="parsed">The command line.</param>
    /// <param name="contextLength">The most tokens that the network reads.</param>
    public EncoderNetworkOptions Read(ParseResult parsed, int contextLength) => new()
    {
        Family = parsed.GetValue(_family),
        LocalStem = parsed.GetValue(_stem),
        ContextLength = contextLength,
        Width = parsed.GetValue(_width),
        Layers = parsed.GetValue(_layers),
        Heads = parsed.GetValue(_heads),
        Dropout = parsed.GetValue(_dropout),
    };

    /// <summary>The dropout of a model to go on from, when the user says it.</summary>
    public double? DropoutOfModel(ParseResult parsed) => parsed.GetResult(_dropout) is { Implicit: false } ? parsed.GetValue(_dropout) : null;
}
