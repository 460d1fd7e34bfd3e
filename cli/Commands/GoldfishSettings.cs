using System.CommandLine;
using MLNetExt.Masking;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="GoldfishMaskOptions"/>.</summary>
/// <param name="description">What the mask is for.</param>
internal sealed class GoldfishSettings(string description)
{
    private static readonly GoldfishMaskOptions s_defaults = new();

    /// <summary>The strategies as typed.</summary>
    private static readonly Dictionary<string, GoldfishStrategy> s_strategies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hash"] = GoldfishStrategy.Hash,
        ["reference-hash"] = GoldfishStrategy.ReferenceHash,
        ["static"] = GoldfishStrategy.Static,
        ["random"] = GoldfishStrategy.Random,
    };

    private readonly Option<int> _k = DropOption("--goldfish", description);
    private readonly Option<int> _window = CheckedOption.Integer("--goldfish-window", "How many tokens decide whether the last of them is dropped.", s_defaults.H, atLeast: 1);
    private readonly Option<GoldfishStrategy> _strategy = CheckedOption.Choice("--goldfish-strategy", "How dropped tokens are chosen; static and random do not protect text that recurs.", s_defaults.Strategy, s_strategies);

    /// <summary>An option for k of "one of k tokens".</summary>
    public static Option<int> DropOption(string name, string description) =>
        CheckedOption.Integer(name, description, 0, k => k is 0 or >= 2, "0 for none, or a whole number of at least 2");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _k, _window, _strategy })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (new Option[] { _window, _strategy }.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } idle && result.GetResult(_k) is not { Implicit: false })
                result.AddError($"{idle.Name} needs {_k.Name}, which says how many tokens are dropped.");
        });
    }

    /// <returns>Null when no token is dropped. The columns are the caller's to name.</returns>
    public GoldfishMaskOptions? Read(ParseResult parsed) => parsed.GetValue(_k) is > 0 and var k
        ? new GoldfishMaskOptions { K = k, H = parsed.GetValue(_window), Strategy = parsed.GetValue(_strategy) }
        : null;
}
