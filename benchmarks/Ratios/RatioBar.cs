using System.Diagnostics;
using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>A bar on how the time of our way compares with that of the alternative.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Ours">Runs our side once.</param>
/// <param name="Alternative">Runs the other side once.</param>
/// <param name="MaxRatio">The bar: the median of the runs' ratios, time of ours / time of the alternative, is at most this.</param>
internal sealed record RatioBar(string Name, Action Ours, Action Alternative, double MaxRatio)
{
    private const int Runs = 20;

    // Long enough for the JIT compiler to have replaced its first, unoptimised code.
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(2);

    /// <summary>How often a side runs within one measurement, so that short subjects can be timed.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Measures both sides in turn, so that a change in the machine's speed hits both.</summary>
    public BarResult Measure()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_warmup)
        {
            Time(Ours);
            Time(Alternative);
        }

        var ours = new double[Runs];
        var alternative = new double[Runs];
        for (int i = 0; i < Runs; i++)
        {
            ours[i] = Time(Ours);
            alternative[i] = Time(Alternative);
        }

        return Compare(Name, ours, alternative, MaxRatio);
    }

    /// <summary>The bar on two lists of milliseconds, of which those with the same place were measured close to each other.</summary>
    /// <remarks>Each run is compared with its neighbour alone: a machine whose speed changes by a third within minutes, as one that shares its host does, moves the ratio of
    /// two medians, but few of the ratios of neighbours.</remarks>
    /// <exception cref="ArgumentException">One list is longer.</exception>
    public static BarResult Compare(string name, IReadOnlyList<double> ours, IReadOnlyList<double> alternative, double maxRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ours.Count, alternative.Count);
        double[] ratios = [.. ours.Zip(alternative, (our, other) => our / other)];
        string times = string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(ours):0.0000} ms against {Statistics.Median(alternative):0.0000} ms");
        string half = string.Create(CultureInfo.InvariantCulture, $"{Statistics.Quantile(ratios, 0.25):0.###} to {Statistics.Quantile(ratios, 0.75):0.###}");
        return BarResult.AtMost(name, Statistics.Median(ratios), maxRatio, $"{times}; half of the ratios {half}");
    }

    private double Time(Action run) => Statistics.Milliseconds(() =>
    {
        for (int i = 0; i < Repeats; i++)
            run();
    }) / Repeats;
}
