using System.CommandLine;
using System.Globalization;

namespace MLNetExt.Cli.Commands;

/// <summary>Options whose values are checked while the command line is parsed; the error names the option.</summary>
internal static class CheckedOption
{
    public static Option<int> Integer(string name, string description, int value, int atLeast) =>
        Of(name, description, value, v => v >= atLeast, $"a whole number of at least {atLeast}");

    public static Option<double> Number(string name, string description, double value, Func<double, bool> isValid, string range) =>
        Of(name, description, value, isValid, $"a number {range}");

    /// <summary>An option that may be repeated.</summary>
    public static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "column", DefaultValueFactory = _ => [] };

    private static Option<T> Of<T>(string name, string description, T value, Func<T, bool> isValid, string range)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => value,
            CustomParser = result =>
            {
                string token = result.Tokens[^1].Value;
                if (T.TryParse(token, CultureInfo.InvariantCulture, out T parsed) && isValid(parsed))
                    return parsed;
                result.AddError($"{name} must be {range}, not '{token}'.");
                return value;
            },
        };
}
