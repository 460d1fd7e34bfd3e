namespace MLNetExt.Benchmarks;

/// <summary>The bars of the fused losses, forward and backward.</summary>
internal static class LossRatios
{
    public static IEnumerable<RatioBar> Bars()
    {
        var large = Subjects(4096, 1000);
        yield return new("squentropy 4096x1000 / cross_entropy", large.Squentropy, large.TorchCrossEntropy, 0.7);
        yield return new("squentropy 4096x1000 / composite", large.Squentropy, large.TorchComposite, 0.5);
        var medium = Subjects(1024, 26);
        yield return new("squentropy 1024x26 / composite", medium.Squentropy, medium.TorchComposite, 1) { Repeats = 50 };
        var small = Subjects(256, 10);
        yield return new("squentropy 256x10 / composite", small.Squentropy, small.TorchComposite, 1) { Repeats = 50 };
    }

    private static LossSubjects Subjects(int rows, int classes)
    {
        var subjects = new LossSubjects { Rows = rows, Classes = classes };
        subjects.Setup();
        return subjects;
    }
}
