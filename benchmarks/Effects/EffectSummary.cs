using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>Runs of one setting over several seeds.</summary>
/// <param name="Results">The runs that did not diverge.</param>
/// <param name="Diverged">How many did.</param>
internal sealed record EffectSummary(IReadOnlyList<EffectResult> Results, int Diverged)
{
    public static EffectSummary Of(IEnumerable<EffectResult?> runs)
    {
        EffectResult?[] all = [.. runs];
        return new EffectSummary([.. all.OfType<EffectResult>()], all.Count(run => run is null));
    }

    public double MeanAccuracy => Results.Average(r => r.Accuracy);

    public double MeanCalibrationError => Results.Average(r => r.CalibrationError);

    /// <summary>Two cells of a markdown table.</summary>
    public override string ToString()
    {
        string runs = Results.Count == 0
            ? "- | -"
            : $"{MeanAndDeviation(Results.Select(r => r.Accuracy))} | {MeanAndDeviation(Results.Select(r => r.CalibrationError))}";
        return Diverged == 0 ? runs : $"{runs} ({Diverged} of {Diverged + Results.Count} diverged)";
    }

    private static string MeanAndDeviation(IEnumerable<double> values)
    {
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count() - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:F2} ± {deviation:F2}");
    }
}
