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
            : $"{MeanAndDeviation(r => r.Accuracy)} | {MeanAndDeviation(r => r.CalibrationError)}";
        return Diverged == 0 ? runs : $"{runs} ({Diverged} of {Diverged + Results.Count} diverged)";
    }

    private string MeanAndDeviation(Func<EffectResult, double> value)
    {
        var spread = Spread.Of(Results.Select(value));
        return string.Create(CultureInfo.InvariantCulture, $"{spread.Mean:F2} ± {spread.Deviation:F2}");
    }
}
