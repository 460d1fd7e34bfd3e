using MLNetExt.Evaluation;
using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class SemanticConsistencyTests
{
    private static readonly GoldenCase[] s_cases = [.. Golden.Read("sctd_loss.json").Cases];

    [TestMethod]
    public void Divergences_match_the_golden_vectors()
    {
        using var scope = NewDisposeScope();
        GoldenCase[] cases = Of("kl");
        Assert.HasCount(5, cases);
        foreach (GoldenCase c in cases)
        {
            var dropped = tensor(c.Matrix("inputs", "token_drop")).requires_grad_();
            var divergence = new SemanticConsistency().Divergence(tensor(c.Matrix("inputs", "reference")), dropped);
            divergence.backward();
            Assert.That.AreClose(c.Number("expected", "sum"), divergence.ToDouble(), 1e-9, c.Name);
            Assert.That.AreClose(c.Number("expected", "mean"), divergence.ToDouble() / dropped.shape[0], 1e-9, c.Name);
            Assert.That.AreClose(c.Flat("expected", "grad_token_drop"), ObjectiveRun.Doubles(dropped.grad!), 1e-9, c.Name);
        }
    }

    [TestMethod]
    public void Totals_match_the_golden_vectors()
    {
        using var scope = NewDisposeScope();
        GoldenCase[] cases = Of("total");
        Assert.HasCount(2, cases);
        foreach (GoldenCase c in cases)
        {
            Tensor Input(string name) => tensor(c.Number("inputs", name));
            var objective = new SemanticConsistency(c.Number("inputs", "lam"))
            {
                SecondTerm = c.Text("inputs", "mode") == "intended" ? ConsistencySecondTerm.Full : ConsistencySecondTerm.Released,
            };
            var sum = objective.Sum(Input("loss_td"), Input("loss_ref"), Input("kl_penultimate"), Input("kl_final"), tokens: 7, rows: 3);
            Assert.That.AreClose(c.Number("expected", "loss"), sum.ToDouble(), 1e-9, c.Name);
        }
    }

    [TestMethod]
    public void Schedules_match_the_golden_vectors()
    {
        GoldenCase[] cases = Of("schedule");
        Assert.HasCount(3, cases);
        foreach (GoldenCase c in cases)
        {
            var objective = new SemanticConsistency(interval: (int)c.Number("inputs", "interval"));
            CollectionAssert.AreEqual(
                c.Vector("expected", "align"), Enumerable.Range(0, (int)c.Number("inputs", "steps")).Select(i => objective.IsCompared(i) ? 1.0 : 0).ToArray(), c.Name);
        }
    }

    [TestMethod]
    public void Costs_match_the_golden_vectors()
    {
        GoldenCase[] cases = Of("cost");
        Assert.HasCount(3, cases);
        foreach (GoldenCase c in cases)
        {
            int layers = (int)c.Number("inputs", "layers"), interval = (int)c.Number("inputs", "interval");
            double keep = c.Number("inputs", "keep");
            Assert.That.AreClose(c.Number("expected", "token_drop"), TokenDroppingCost.OfStep(layers, keep), 1e-9, c.Name);
            Assert.That.AreClose(c.Number("expected", "sctd"), TokenDroppingCost.OfComparedStep(layers, keep, interval), 1e-9, c.Name);
        }

        Assert.AreEqual(1, TokenDroppingCost.OfStep(7, 1), 1e-12, "all tokens are kept");
    }

    [TestMethod]
    public void Means_weigh_a_row_as_much_as_a_token()
    {
        using var scope = NewDisposeScope();
        // Means: 2 and 4 a token, 3 a row.
        var sum = new SemanticConsistency(0.5) { Scale = ConsistencyScale.Mean }.Sum(tensor(20.0), tensor(40.0), tensor(8.0), tensor(4.0), tokens: 10, rows: 4);
        Assert.AreEqual(10 * (0.5 * 2 + 0.5 * 4 + 0.5 * 3), sum.ToDouble(), 1e-12);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Gradients_flow_into_the_reference_unless_it_is_detached(bool detached)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var reference = randn(3, 5, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var dropped = randn(3, 5, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        new SemanticConsistency { DetachReference = detached }.Divergence(reference, dropped).backward();
        Assert.AreEqual(detached, reference.grad is null);
        Assert.IsTrue(dropped.grad!.abs().sum().ToDouble() > 0);
    }

    [TestMethod]
    public void Bad_values_are_named()
    {
        using var scope = NewDisposeScope();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SemanticConsistency(-1)).Message, "weight is -1");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SemanticConsistency(interval: 0)).Message, "interval is 0");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new SemanticConsistency().Divergence(zeros(2, 3), zeros(2, 4))).Message, "dropped is [2, 4]");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TokenDroppingCost.OfStep(1, 0.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TokenDroppingCost.OfStep(2, double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TokenDroppingCost.OfComparedStep(2, 0.5, 0));
    }

    private static GoldenCase[] Of(string kind) => [.. s_cases.Where(c => c.Text("kind") == kind)];
}
