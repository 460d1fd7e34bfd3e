using System.Runtime.CompilerServices;

namespace MLNetExt.Training;

/// <summary>Checks of options; the message names the option and the range.</summary>
internal static class OptionsCheck
{
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public static void Require<T>(bool holds, T value, string range, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        string name = option[(option.LastIndexOf('.') + 1)..];
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }

    /// <exception cref="ArgumentOutOfRangeException">The name is empty.</exception>
    public static void RequireName(string? name, [CallerArgumentExpression(nameof(name))] string option = "") =>
        Require(!string.IsNullOrWhiteSpace(name), name, "the name of a column", option);

    /// <summary>Whether a number is above 0 and finite.</summary>
    public static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
