using System.Diagnostics;
using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>A bar on how the time of our way compares with that of the alternative.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Ours">Runs our side once.</param>
/// <param name="Alternative">Runs the other side once.</param>
/// <param name="MaxRatio">The bar: median time of ours / median time of the alternative is at most this.</param>
internal sealed record RatioBar(string Name, Action Ours, Action Alternative, double MaxRatio)
{
    private const int Runs = 20;

    // Long enough for the JIT compiler to have replaced its first, unoptimised code.
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(2);

    /// <summary>How often a side runs within one measurement, so that short subjects can be timed.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Measures both sides in turn, so that a disturbance of the machine hits both.</summary>
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

    /// <summary>The bar on the medians of two lists of milliseconds.</summary>
    public static BarResult Compare(string name, IReadOnlyList<double> ours, IReadOnlyList<double> alternative, double maxRatio)
    {
        (double our, double other) = (Statistics.Median(ours), Statistics.Median(alternative));
        return BarResult.AtMost(name, our / other, maxRatio, string.Create(CultureInfo.InvariantCulture, $"{our:0.0000} ms against {other:0.0000} ms"));
    }

    private double Time(Action run) => Statistics.Milliseconds(() =>
    {
        for (int i = 0; i < Repeats; i++)
            run();
    }) / Repeats;
}
