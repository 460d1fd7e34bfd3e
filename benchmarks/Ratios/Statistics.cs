using System.Diagnostics;

namespace MLNetExt.Benchmarks;

/// <summary>Times and medians.</summary>
internal static class Statistics
{
    /// <summary>The milliseconds that <paramref name="run"/> takes.</summary>
    public static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
