using System.CommandLine;
using MLNetExt.Sequences;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="GenerationOptions"/>; their defaults are its own.</summary>
internal sealed class GenerationSettings
{
    private static readonly GenerationOptions s_defaults = new();

    private readonly Option<int> _maxTokens = CheckedOption.Integer("--max-tokens", "The most tokens to add.", s_defaults.MaxNewTokens, atLeast: 1);
    private readonly Option<double> _temperature = CheckedOption.Number("--temperature", "Draws the more freely the higher it is; 0 takes the most likely token, always.", s_defaults.Temperature, v => v >= 0 && double.IsFinite(v), "of at least 0");
    private readonly Option<int> _topK = CheckedOption.Integer("--top-k", "Draws from this many of the most likely tokens, at a --temperature above 0; 0 for all.", s_defaults.TopK, atLeast: 0);
    private readonly Option<double> _topP = CheckedOption.Number("--top-p", "Draws from the most likely tokens that together have this probability, at a --temperature above 0.", s_defaults.TopP, v => v is > 0 and <= 1, "in (0, 1]");
    private readonly Option<double> _repetitionPenalty = CheckedOption.Number("--repetition-penalty", "Makes tokens that are there already less likely; 1 does not.", s_defaults.RepetitionPenalty, v => v >= 1 && double.IsFinite(v), "of at least 1");
    private readonly Option<int> _beams = CheckedOption.Integer("--beams", "Looks for the most likely continuation with so many beams; 1 for none.", s_defaults.Beams, atLeast: 1);
    private readonly Option<string[]> _stop = new("--stop") { Description = "A text that ends a continuation, of which it is no part; may be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<int> _seed = CheckedOption.Integer("--seed", "Decides what is drawn.", 1, atLeast: 0);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _maxTokens, _temperature, _topK, _topP, _repetitionPenalty, _beams, _stop, _seed })
            command.Add(option);
    }

    /// <exception cref="ArgumentException">Two options do not go together.</exception>
    public GenerationOptions Read(ParseResult parsed)
    {
        var options = new GenerationOptions
        {
            MaxNewTokens = parsed.GetValue(_maxTokens),
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            RepetitionPenalty = parsed.GetValue(_repetitionPenalty),
            Beams = parsed.GetValue(_beams),
            StopStrings = parsed.GetRequiredValue(_stop),
            Seed = parsed.GetValue(_seed),
        };
        options.Validate();
        return options;
    }
}
