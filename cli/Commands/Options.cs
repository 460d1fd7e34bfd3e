using System.CommandLine;

namespace MLNetExt.Cli.Commands;

/// <summary>Options whose values are checked while the command line is parsed; the error names the option.</summary>
internal static class Options
{
    public static Option<int> Integer(string name, string description, int value, int atLeast) =>
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => value }
            .Require(v => v >= atLeast, $"at least {atLeast}");

    public static Option<double> Number(string name, string description, double value, Func<double, bool> isValid, string range) =>
        new Option<double>(name) { Description = description, DefaultValueFactory = _ => value }.Require(isValid, range);

    /// <summary>An option that may be repeated.</summary>
    public static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "column", DefaultValueFactory = _ => [] };

    private static Option<T> Require<T>(this Option<T> option, Func<T, bool> isValid, string range)
    {
        option.Validators.Add(result =>
        {
            // A token that is no number has its own error already.
            if (!result.Errors.Any() && result.GetValueOrDefault<T>() is { } value && !isValid(value))
                result.AddError($"{option.Name} must be {range}, not {value}.");
        });
        return option;
    }
}
