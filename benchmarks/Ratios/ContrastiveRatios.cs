using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>The bars of the sigmoid loss: time against eager torch and against the bare matrix products, and memory.</summary>
internal static class ContrastiveRatios
{
    public static IEnumerable<BarResult> Measure()
    {
        var subjects = new ContrastiveSubjects();
        subjects.Setup();
        yield return new RatioBar("sigmoid contrastive 4096, d=256 / eager", subjects.Sigmoid, subjects.TorchEager, 0.65).Measure();
        yield return new RatioBar("sigmoid contrastive 4096, d=256 / three products", subjects.Sigmoid, subjects.MatrixProducts, 1.35).Measure();
        foreach (BarResult result in Memory())
            yield return result;
    }

    private static IEnumerable<BarResult> Memory()
    {
        double idle = ChildRun.PeakMebibytes(ContrastiveMemory.Idle);
        double Above(string verb) => ChildRun.PeakMebibytes(verb) - idle;
        double eager = Above(ContrastiveMemory.Eager), ours = Above(ContrastiveMemory.Ours);
        yield return BarResult.AtMost(
            "sigmoid contrastive 16384: memory / eager", ours / eager, 0.1, string.Create(CultureInfo.InvariantCulture, $"{ours:0} MiB against {eager:0} MiB"));
        yield return BarResult.AtMost("sigmoid contrastive 32768: peak MiB above idle", Above(ContrastiveMemory.OursLarge), 2048);
    }
}
