using System.CommandLine;
using System.Globalization;

namespace MLNetExt.Cli.Commands;

/// <summary>Options whose values are checked while the command line is parsed; the error names the option.</summary>
internal static class CheckedOption
{
    public static Option<int> Integer(string name, string description, int value, int atLeast) =>
        Number<int>(name, description, value, v => v >= atLeast, $"a whole number of at least {atLeast}");

    public static Option<int> Integer(string name, string description, int value, Func<int, bool> isValid, string range) =>
        Number<int>(name, description, value, isValid, range);

    /// <summary>A whole number, or null without the option.</summary>
    public static Option<int?> OptionalInteger(string name, string description, int atLeast) => Of<int?>(
        name,
        description,
        "number",
        value: null,
        (string token, out int? parsed) =>
        {
            bool isValid = int.TryParse(token, CultureInfo.InvariantCulture, out int number) && number >= atLeast;
            parsed = number;
            return isValid;
        },
        $"a whole number of at least {atLeast}");

    public static Option<double> Number(string name, string description, double value, Func<double, bool> isValid, string range) =>
        Number<double>(name, description, value, isValid, $"a number {range}");

    /// <summary>One of several named values.</summary>
    public static Option<T> Choice<T>(string name, string description, T value, IReadOnlyDictionary<string, T> choices)
        where T : struct, Enum => Of(name, description, string.Join('|', choices.Keys), value, (string token, out T parsed) => choices.TryGetValue(token, out parsed), OneOf(choices));

    /// <summary>One of several named values, or null without the option.</summary>
    public static Option<T?> OptionalChoice<T>(string name, string description, IReadOnlyDictionary<string, T> choices)
        where T : struct, Enum => Of<T?>(
            name,
            description,
            string.Join('|', choices.Keys),
            value: null,
            (string token, out T? parsed) =>
            {
                bool isKnown = choices.TryGetValue(token, out T choice);
                parsed = choice;
                return isKnown;
            },
            OneOf(choices));

    /// <summary>An option that may be repeated.</summary>
    public static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "column", DefaultValueFactory = _ => [] };

    public static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    private static string OneOf<T>(IReadOnlyDictionary<string, T> choices) => $"one of {string.Join(", ", choices.Keys)}";

    private static Option<T> Number<T>(string name, string description, T value, Func<T, bool> isValid, string range)
        where T : struct, IParsable<T> => Of(
            name, description, "number", value, (string token, out T parsed) => T.TryParse(token, CultureInfo.InvariantCulture, out parsed) && isValid(parsed), range);

    private static Option<T> Of<T>(string name, string description, string helpName, T value, Parser<T> tryParse, string range) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string token = result.Tokens[^1].Value;
            if (tryParse(token, out T parsed))
                return parsed;
            result.AddError($"{name} must be {range}, not '{token}'.");
            return value;
        },
    };

    private delegate bool Parser<T>(string token, out T parsed);
}
