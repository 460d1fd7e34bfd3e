namespace MLNetExt.Benchmarks;

/// <summary>Every bar of the project.</summary>
internal static class Bars
{
    private static readonly BarGroup[] s_groups =
    [
        new("losses", () => LossRatios.Bars().Select(bar => bar.Measure())),
        new("contrastive", ContrastiveRatios.Measure),
        new("lm", LanguageModelRatios.Measure),
        new("preference", PreferenceRatios.Measure),
        new("encoder", EncoderRatios.Measure),
        new("loop", () => [LoopRatios.Bar().Measure()]),
        new("scoring", () => [ScoringRatios.Bar().Measure()]),
        new("letter", LetterBars.Measure),
        new("digits", DigitsBars.Measure),
        new("banking77", Banking.Measure),
        new("stream", StreamedFit.Measure),
    ];

    /// <summary>Measures and prints the groups whose name contains <paramref name="filter"/>.</summary>
    /// <returns>Whether all their bars are met.</returns>
    /// <exception cref="ArgumentException">No group is so named.</exception>
    public static bool Print(string filter)
    {
        BarGroup[] groups = [.. s_groups.Where(group => group.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (groups.Length == 0)
            throw new ArgumentException($"No bars are named '{filter}': there are {string.Join(", ", s_groups.Select(group => group.Name))}.");
        Console.WriteLine(BarResult.Header);
        bool passed = true, isNamed = filter.Length > 0;
        foreach (BarGroup group in groups)
        {
            int bars = 0;
            foreach (BarResult result in group.Measure())
            {
                Console.WriteLine(result);
                passed &= result.Passes;
                bars++;
            }

            // A group that was asked for by name and could not be measured has not met its bars.
            passed &= bars > 0 || !isNamed;
        }

        return passed;
    }
}
