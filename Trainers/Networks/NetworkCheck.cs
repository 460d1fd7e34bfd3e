namespace MLNetExt.Networks;

/// <summary>What the options of several networks must keep to.</summary>
internal static class NetworkCheck
{
    /// <exception cref="ArgumentException"><paramref name="holds"/> is false.</exception>
    public static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ArgumentException(message);
    }

    /// <exception cref="ArgumentException">The value is below 1.</exception>
    public static void AtLeastOne(int value, string name) => Require(value >= 1, $"{name} is {value}: it must be at least 1.");

    /// <summary>Whether a number is above 0 and finite.</summary>
    public static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    /// <exception cref="ArgumentException">The share is not in [0, 1).</exception>
    public static void Dropout(double dropout) => Require(dropout is >= 0 and < 1, $"Dropout is {dropout}: it must be in [0, 1).");

    /// <exception cref="ArgumentException">A layer has no width, or the dropout is out of range.</exception>
    public static void Hidden(IReadOnlyList<int> sizes, double dropout)
    {
        Require(sizes.All(s => s >= 1), $"HiddenSizes is [{string.Join(", ", sizes)}]: every layer's width must be at least 1.");
        Dropout(dropout);
    }
}
