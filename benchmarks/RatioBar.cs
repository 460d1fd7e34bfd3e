using System.Diagnostics;

namespace MLNetExt.Benchmarks;

/// <summary>A bar on how the time of our way compares with that of the alternative.</summary>
/// <param name="Name">What is compared; a filter selects by it.</param>
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

    /// <summary>The bar "ours is at least <paramref name="minSpeedup"/> times as fast".</summary>
    public static RatioBar Speedup(string name, Action ours, Action alternative, double minSpeedup)
        => new(name, ours, alternative, 1 / minSpeedup);

    /// <summary>Measures both sides in turn, so that a disturbance of the machine hits both.</summary>
    public RatioResult Measure()
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

        return new(this, Median(ours), Median(alternative));
    }

    private double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repeats; i++)
            run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / Repeats;
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
    }
}
