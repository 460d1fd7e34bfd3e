using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Every preference loss through the chunked head, fused and by torch operations, against all logits at once.</summary>
[TestClass]
public sealed class PreferenceKernelTests
{
    private static readonly IPreferenceObjective[] s_objectives =
    [
        new PairwiseCringe(new(3), gateBias: -1, gateTemperature: 2),
        new PairwiseCringe(new(3), gateBias: -1, gateTemperature: 2, alpha: 0.3) { DetachGate = false },
        new PairwiseCringe(new(3), gateBias: -1, gateTemperature: 2) { DetachGate = false, TokenReduction = TokenReduction.Sum, LengthNormalizeMargin = true },
        new PairwiseCringe(new(2, detachPositives: true), gateBias: 0, gateTemperature: 5) { DetachGate = false },
        new PairwiseCringe(new(1), gateBias: 0, gateTemperature: 0),
        new PairwiseCringe(new(4) { ExcludedTokens = [0, 3, 5] }, gateBias: 1, gateTemperature: 3) { TokenReduction = TokenReduction.Sum },
        new PairwiseCringe(new(1000), gateBias: 1, gateTemperature: 3),
        new BinaryCringe(),
        new BinaryCringe(new(2, detachPositives: true), alpha: 0.5),
        new Unlikelihood(0.7),
        new ChosenCrossEntropy(),
        new DirectPreference(),
        new DirectPreference(0.5, labelSmoothing: 0.1),
        new DirectPreference(0.5, labelSmoothing: 0.1, robust: true),
        new IdentityPreference(),
        new IdentityPreference(0.2) { LengthNormalize = false },
        new HingePreference(0.2),
        new ContrastivePreference(0.3, alpha: 0.6),
        new SimplePreference(gamma: 1),
        new OddsRatioPreference(0.4),
        new KahnemanTversky(0.3, desirableWeight: 1.2, undesirableWeight: 0.8),
    ];

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void EveryBlockSize_EqualsAllLogitsAtOnce(bool fused, ScalarType dtype, double tolerance)
    {
        for (int i = 0; i < s_objectives.Length; i++)
        {
            using var scope = NewDisposeScope();
            var objective = s_objectives[i];
            var pairs = PreferenceInput.Random(3, vocabulary: 7 + 6 * i, dtype, seed: i + 1);
            foreach (var input in objective.NeedsPairs ? [pairs] : new[] { pairs, pairs.Unpaired() })
            {
                foreach (double[]? draws in objective.Contrast is null ? [null] : new[] { input.Draws(), null })
                {
                    var expected = EagerPreference.Run(objective, input.InDouble(), draws);
                    foreach (int? blockRows in new int?[] { 1, 7, null })
                    {
                        var run = CompletionRun.Of(new(objective) { UseFusedKernel = fused, BlockRows = blockRows }, input.Hidden, input.Head, input.Batch, draws);
                        expected.AssertClose(run, tolerance, $"objective {i}, {objective.GetType().Name}, paired {input.Batch.IsPaired}, drawn {draws is not null}, blocks of {blockRows}");
                    }
                }
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Gradients_EqualFiniteDifferences(bool fused)
    {
        foreach (var objective in s_objectives.OfType<PairwiseCringe>().Where(o => o.GateTemperature > 0 && !o.Contrast.DetachPositives))
        {
            using var scope = NewDisposeScope();
            var loss = new CompletionLoss(objective) { UseFusedKernel = fused, BlockRows = 5 };
            var input = PreferenceInput.Random(1, 9, seed: 3);
            double[] draws = input.Draws();
            CompletionRun Run(PreferenceInput at) => CompletionRun.Of(loss, at.Hidden, at.Head, at.Batch, draws);
            var run = Run(input);
            // A detached gate stays where it is.
            double Value(PreferenceInput at)
            {
                var there = Run(at);
                return objective.DetachGate ? run.Metric("gate/mean") * (there.Metric("ce_loss") + objective.Alpha * there.Metric("ct_loss")) : there.Sum;
            }

            const double h = 1e-6;
            Tensor Direction(int i, Tensor like) => zeros(like.numel(), dtype: ScalarType.Float64).index_fill(0, tensor([(long)i]), h).view(like.shape);
            for (int i = 0; i < run.Hidden.Length; i++)
            {
                var by = Direction(i, input.Hidden);
                double slope = (Value(input with { Hidden = input.Hidden + by }) - Value(input with { Hidden = input.Hidden - by })) / (2 * h);
                Assert.That.AreClose(slope, run.Hidden[i], 1e-7, $"hidden {i}");
            }

            for (int i = 0; i < run.Head.Length; i++)
            {
                var by = Direction(i, input.Head);
                double slope = (Value(input with { Head = input.Head + by }) - Value(input with { Head = input.Head - by })) / (2 * h);
                Assert.That.AreClose(slope, run.Head[i], 1e-7, $"head {i}");
            }
        }
    }

    [TestMethod]
    public void ResultsDoNotDependOnThreads()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(3);
        // Small integers: the matrix products are exact whatever their order.
        Tensor Exact(params long[] shape) => randint(-2, 3, shape, dtype: ScalarType.Float32, generator: generator);
        var input = PreferenceInput.Random(8, 5003) with { Hidden = Exact(16, 8, 4), Head = Exact(5003, 4) };
        var loss = new CompletionLoss(new BinaryCringe());
        var one = CompletionRun.Of(loss, input.Hidden, input.Head, input.Batch, input.Draws());
        try
        {
            set_num_threads(2);
            var two = CompletionRun.Of(loss, input.Hidden, input.Head, input.Batch, input.Draws());
            Assert.AreEqual(one.Sum, two.Sum);
            CollectionAssert.AreEqual(one.Losses, two.Losses);
        }
        finally
        {
            set_num_threads(1);
        }
    }
}
