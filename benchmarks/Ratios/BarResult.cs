using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>A measured number and its bar.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The number.</param>
/// <param name="Bound">What it must reach, or must not exceed.</param>
/// <param name="IsAtLeast">Which of the two.</param>
/// <param name="Details">What the number was made of.</param>
internal sealed record BarResult(string Name, double Value, double Bound, bool IsAtLeast, string Details)
{
    public static string Header => $"{"bar",-52}{"value",10}   {"bar",-12}";

    public bool Passes => IsAtLeast ? Value >= Bound : Value <= Bound;

    public static BarResult AtMost(string name, double value, double bound, string details = "") => new(name, value, bound, false, details);

    public static BarResult AtLeast(string name, double value, double bound, string details = "") => new(name, value, bound, true, details);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-52}{Value,10:0.####}   {(IsAtLeast ? ">=" : "<="),2} {Bound,-9:0.####}{(Passes ? "PASS" : "MISS")}  {Details}");
}
