using System.Runtime.CompilerServices;

namespace MLNetExt.Objectives;

/// <summary>Refuses numbers that are out of their range.</summary>
internal static class ParameterCheck
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) ? value : throw new ArgumentException($"{name} is {value}; it must be finite.", name);

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && value >= 0 ? value : throw new ArgumentException($"{name} is {value}; it must be finite and not negative.", name);

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && value > 0 ? value : throw new ArgumentException($"{name} is {value}; it must be finite and greater than 0.", name);
}
