namespace MLNetExt.Benchmarks;

/// <summary>The bars of encoders' pre-training: token dropping against full passes, and the head at masked positions against all logits.</summary>
internal static class EncoderRatios
{
    private const int Interval = 10;

    public static IEnumerable<BarResult> Measure()
    {
        // Several steps a run: what a run begins with, such as laying out the optimiser's state, is no part of a step.
        using (var deep = new EncoderSubjects(layers: 12, vocabulary: 8_000, rows: 8, steps: 4))
            yield return new RatioBar("token dropping, 12 layers, d=256, T=256, K=128 / full step", deep.Dropping(), deep.Full(), 0.82).Measure();
        using (var deep = new EncoderSubjects(layers: 12, vocabulary: 8_000, rows: 8, steps: Interval))
            yield return new RatioBar("ScTD, every 10th step / full step", deep.Consistent(), deep.Full(), 0.92).Measure();
        using var large = new EncoderSubjects(layers: 4, vocabulary: 30_000, rows: 4, steps: 1);
        yield return new RatioBar("masked positions, 4 layers, V=30000 / logits of all positions", large.Full(), large.FullEagerly(), 0.85).Measure();
    }
}
