using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>How a prompt goes on.</summary>
public sealed class GeneratedText : IPrediction
{
    public string Generated { get; set; } = "";

    public double[] Numbers() => [.. Generated.Select(c => (double)c)];
}
