using FsCheck;
using FsCheck.Fluent;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class ScoringWindowTests
{
    [TestMethod]
    public void Windows_ScoreEveryTokenButTheFirstOnce_WithTheContextThatTheStrideLeaves() => Prop.ForAll(
        (from length in Gen.Choose(0, 100)
         from context in Gen.Choose(2, 20)
         from stride in Gen.Choose(1, context - 1)
         select (length, context, stride)).ToArbitrary(),
        given =>
        {
            ScoringWindow[] windows = [.. ScoringWindow.Of(given.length, given.context, given.stride)];
            int[] scored = [.. windows.SelectMany(window => Enumerable.Range(window.FirstScored, window.End - window.FirstScored))];
            return scored.SequenceEqual(Enumerable.Range(1, Math.Max(0, given.length - 1)))
                && windows.All(window => window.Start >= 0 && window.Start < window.FirstScored && window.End - window.Start <= given.context)
                && windows.Skip(1).All(window => window.End - window.Start == given.context && window.FirstScored - window.Start >= given.context - given.stride);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260101, 1));
}
