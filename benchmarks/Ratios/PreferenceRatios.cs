using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>The bars of preference optimisation: pairwise Cringe against DPO, time and memory of a step.</summary>
internal static class PreferenceRatios
{
    private const int Steps = 1;

    public static IEnumerable<BarResult> Measure()
    {
        using var subjects = new PreferenceSubjects(Steps);
        Action cringe = subjects.Cringe();
        yield return new RatioBar("pairwise Cringe, 8 pairs, T=256, d=256, V=32000 / DPO, on-line reference", cringe, subjects.DirectPreferenceOnline(), 0.85).Measure();
        yield return new RatioBar("pairwise Cringe / DPO, precomputed reference", cringe, subjects.DirectPreference(), 1.15).Measure();
        double idle = ChildRun.PeakMebibytes(PreferenceMemory.Idle);
        double eager = ChildRun.PeakMebibytes(PreferenceMemory.Eager) - idle, ours = ChildRun.PeakMebibytes(PreferenceMemory.Ours) - idle;
        yield return BarResult.AtMost(
            "pairwise Cringe: memory / eager", ours / eager, 0.6, string.Create(CultureInfo.InvariantCulture, $"{ours:0} MiB against {eager:0} MiB"));
    }
}
