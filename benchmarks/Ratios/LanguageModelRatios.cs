using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>The bars of the language models: head and goldfish loss against eager torch, time and memory.</summary>
internal static class LanguageModelRatios
{
    public static IEnumerable<BarResult> Measure()
    {
        var subjects = new HeadSubjects();
        subjects.Setup();
        yield return new RatioBar("head 4096, d=256, V=32000, k=4 / eager", subjects.Head, subjects.TorchEager, 0.6).Measure();
        yield return new RatioBar("head 4096, d=256, V=32000, k=4 / eager, kept rows", subjects.Head, subjects.TorchKept, 0.8).Measure();
        yield return Memory();
        using var models = new CausalSubjects();
        yield return new RatioBar("training step, 4 x 256, V=16000 tied, 8 x 256 tokens, k=4 / eager head", models.Train, models.TrainEagerly, 0.85).Measure();
        yield return new RatioBar("goldfish mask h=13, rows of 1,025 / training step", models.Mask, models.Train, 0.02).Measure();
        yield return new RatioBar("512 tokens generated / without cache", models.Generate, models.GenerateWithoutCache, 0.2).Measure();
    }

    private static BarResult Memory()
    {
        double idle = ChildRun.PeakMebibytes(HeadMemory.Idle);
        double eager = ChildRun.PeakMebibytes(HeadMemory.Eager) - idle, ours = ChildRun.PeakMebibytes(HeadMemory.Ours) - idle;
        return BarResult.AtMost(
            "head: memory / eager", ours / eager, 0.2, string.Create(CultureInfo.InvariantCulture, $"{ours:0} MiB against {eager:0} MiB"));
    }
}
