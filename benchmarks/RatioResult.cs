using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>A measured bar: medians in milliseconds.</summary>
internal sealed record RatioResult(RatioBar Bar, double Ours, double Alternative)
{
    public double Ratio => Ours / Alternative;

    public bool Passes => Ratio <= Bar.MaxRatio;

    public static string Header => $"{"bar",-44}{"ours ms",12}{"other ms",12}{"ratio",9}{"at most",9}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bar.Name,-44}{Ours,12:F4}{Alternative,12:F4}{Ratio,9:F3}{Bar.MaxRatio,9:F3}  {(Passes ? "PASS" : "MISS")}");
}
