using FsCheck;
using FsCheck.Fluent;
using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Properties that hold for every batch; FsCheck draws shape, seed and coefficients.</summary>
[TestClass]
public sealed class ObjectivePropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithReplay(20230203, 2302039521).WithMaxTest(60);

    private static readonly Arbitrary<Draw> s_draws = Arb.From(
        from rows in Gen.Choose(1, 12)
        from classes in Gen.Choose(2, 40)
        from seed in Gen.Choose(0, int.MaxValue)
        from fraction in Gen.Choose(0, 100)
        select new Draw(rows, classes, seed, fraction / 100.0));

    private sealed record Draw(int Rows, int Classes, int Seed, double Fraction)
    {
        public Batch Batch() => Objectives.Batch.Random(Rows, Classes, ScalarType.Float64, Seed);

        public IEnumerable<IClassificationObjective> All =>
            [new Squentropy(3 * Fraction), new RescaledSquare(1 + 10 * Fraction, 2), new CrossEntropy(Fraction)];
    }

    [TestMethod]
    public void SquentropyWithoutSquares_IsCrossEntropy() => Holds(draw =>
    {
        var batch = draw.Batch();
        var (expected, actual) = (batch.Run(new CrossEntropy()), batch.Run(new Squentropy(0)));
        Assert.That.AreClose(expected.Losses, actual.Losses, 1e-14, "losses");
        Assert.That.AreClose(expected.SumGradient, actual.SumGradient, 1e-14, "gradient");
    });

    [TestMethod]
    public void Losses_AreConvexInTheLogits() => Holds(draw =>
    {
        var batch = draw.Batch();
        var other = draw.Batch().Logits.flip(0, 1);
        double t = draw.Fraction;
        foreach (var objective in draw.All)
        {
            double At(Tensor logits) => objective.Sum(logits, batch.Targets, batch.RowWeights).Loss.ToDouble();
            double chord = t * At(batch.Logits) + (1 - t) * At(other);
            Assert.IsTrue(At(t * batch.Logits + (1 - t) * other) <= chord + 1e-12 * Math.Max(1, chord), $"{objective}");
        }
    });

    [TestMethod]
    public void PermutingClasses_PermutesGradients() => Holds(draw =>
    {
        var batch = draw.Batch();
        var order = randperm(draw.Classes, generator: new Generator((ulong)draw.Seed));
        var place = order.argsort();
        var targets = where(batch.Targets < 0, batch.Targets, place[batch.Targets.clamp(0)]);
        var permuted = batch with { Logits = batch.Logits.index_select(1, order), Targets = targets };
        foreach (var objective in draw.All)
        {
            var (expected, actual) = (batch.Run(objective), permuted.Run(objective));
            var gradient = tensor(expected.SumGradient).view(draw.Rows, draw.Classes).index_select(1, order);
            Assert.That.AreClose(expected.Sum, actual.Sum, 1e-13, $"{objective}");
            Assert.That.AreClose(ObjectiveRun.Doubles(gradient), actual.SumGradient, 1e-13, $"{objective}");
        }
    });

    [TestMethod]
    public void CrossEntropy_IgnoresAShiftOfAllLogits_SquentropyDoesNot() => Holds(draw =>
    {
        var batch = draw.Batch();
        var shifted = batch with { Logits = batch.Logits + 7 };
        Assert.That.AreClose(batch.Run(new CrossEntropy(draw.Fraction)).Losses, shifted.Run(new CrossEntropy(draw.Fraction)).Losses, 1e-13, "losses");
        foreach (var (before, after) in batch.Run(new Squentropy()).Losses.Zip(shifted.Run(new Squentropy()).Losses))
            Assert.IsTrue(before == 0 || before != after);
    });

    [TestMethod]
    public void SplittingABatch_AddsUp() => Holds(draw =>
    {
        var batch = draw.Batch();
        long cut = (long)(draw.Fraction * draw.Rows);
        foreach (var objective in draw.All)
        {
            ObjectiveSum Part(long start, long end) => objective.Sum(
                batch.Logits.slice(0, start, end, 1), batch.Targets.slice(0, start, end, 1), batch.RowWeights.slice(0, start, end, 1));
            var (whole, first, second) = (Part(0, draw.Rows), Part(0, cut), Part(cut, draw.Rows));
            Assert.That.AreClose(whole.Loss.ToDouble(), first.Loss.ToDouble() + second.Loss.ToDouble(), 1e-13, $"{objective}");
            Assert.That.AreClose(whole.Weight, first.Weight + second.Weight, 1e-13, $"{objective}");
        }
    });

    private static void Holds(Action<Draw> property) => Prop.ForAll(s_draws, draw =>
    {
        using var scope = NewDisposeScope();
        property(draw);
    }).Check(s_config);
}
