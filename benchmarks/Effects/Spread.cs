using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>One number of several runs.</summary>
internal sealed record Spread(IReadOnlyList<double> Values)
{
    public static Spread Of(IEnumerable<double> values) => new([.. values]);

    public double Mean => Values.Average();

    /// <summary>The sample's standard deviation; 0 for one run.</summary>
    public double Deviation => Math.Sqrt(Values.Sum(v => (v - Mean) * (v - Mean)) / Math.Max(1, Values.Count - 1));

    /// <summary>Mean and deviation, then every run.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Mean:F1} ± {Deviation:F1} | {string.Join(", ", Values.Select(v => v.ToString("F1", CultureInfo.InvariantCulture)))}");
}
