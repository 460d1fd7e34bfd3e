namespace MLNetExt.Benchmarks;

/// <summary>Every bar of the project.</summary>
internal static class Bars
{
    private static readonly BarGroup[] s_groups =
    [
        new("losses", () => LossRatios.Bars().Select(bar => bar.Measure())),
        new("loop", () => [LoopRatios.Bar().Measure()]),
        new("scoring", () => [ScoringRatios.Bar().Measure()]) { IsShort = true },
        new("letter", LetterBars.Measure),
        new("digits", DigitsBars.Measure) { IsShort = true },
        new("banking77", Banking.Measure),
        new("stream", StreamedFit.Measure) { IsShort = true },
    ];

    /// <summary>Measures and prints the groups whose name contains <paramref name="filter"/>; with the environment variable
    /// MLNETEXT_RATIOS=short, only those fit for a shared machine.</summary>
    /// <returns>Whether all their bars are met.</returns>
    /// <exception cref="ArgumentException">No group is so named.</exception>
    public static bool Print(string filter)
    {
        bool isShort = Environment.GetEnvironmentVariable("MLNETEXT_RATIOS") == "short";
        BarGroup[] groups = [.. s_groups.Where(group => (group.IsShort || !isShort) && group.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (groups.Length == 0)
            throw new ArgumentException($"No bars are named '{filter}': there are {string.Join(", ", s_groups.Select(group => group.Name))}.");
        Console.WriteLine(BarResult.Header);
        bool passed = true;
        foreach (BarResult result in groups.SelectMany(group => group.Measure()))
        {
            Console.WriteLine(result);
            passed &= result.Passes;
        }

        return passed;
    }
}
