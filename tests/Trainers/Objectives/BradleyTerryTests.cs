using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class BradleyTerryTests
{
    private static readonly double[] s_chosen = [0.3, -1.2, 2, 0, 4], s_rejected = [0.1, 0.4, -1, 0, 9], s_margins = [0, 0.5, 1, 2, 0.25];

    [TestMethod]
    public void The_sum_is_the_negative_log_likelihood_of_the_pairs()
    {
        using var scope = NewDisposeScope();
        double Expected(Func<int, double> margin) => Enumerable.Range(0, s_chosen.Length)
            .Sum(i => -Math.Log(1 / (1 + Math.Exp(-(s_chosen[i] - s_rejected[i] - margin(i))))));

        (Tensor plain, double weight) = BradleyTerry.Sum(tensor(s_chosen), tensor(s_rejected));
        Assert.That.AreClose(Expected(_ => 0), plain.ToDouble(), 1e-14, "without margins");
        Assert.AreEqual(5, weight);
        Assert.That.AreClose(Expected(i => s_margins[i]), BradleyTerry.Sum(tensor(s_chosen), tensor(s_rejected), tensor(s_margins)).Loss.ToDouble(), 1e-14, "with margins");
    }

    [TestMethod]
    public void Gradients_equal_finite_differences_and_the_formula()
    {
        using var scope = NewDisposeScope();
        const double Step = 1e-6;
        double[][] values = [s_chosen, s_rejected, s_margins];
        Tensor[] inputs = [.. values.Select(v => tensor(v).requires_grad_())];
        BradleyTerry.Sum(inputs[0], inputs[1], inputs[2]).Loss.backward();
        for (int input = 0; input < inputs.Length; input++)
        {
            double[] gradient = inputs[input].grad!.data<double>().ToArray();
            for (int i = 0; i < gradient.Length; i++)
            {
                double Moved(double by)
                {
                    Tensor[] moved = [.. values.Select(v => tensor(v))];
                    moved[input][i] += by;
                    return BradleyTerry.Sum(moved[0], moved[1], moved[2]).Loss.ToDouble();
                }

                double sigmoid = 1 / (1 + Math.Exp(s_chosen[i] - s_rejected[i] - s_margins[i]));
                Assert.That.AreClose((Moved(Step) - Moved(-Step)) / (2 * Step), gradient[i], 1e-8, $"finite difference, input {input}, pair {i}");
                Assert.That.AreClose(input == 0 ? -sigmoid : sigmoid, gradient[i], 1e-14, $"formula, input {input}, pair {i}");
            }
        }
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Large_differences_overflow_nowhere_and_small_losses_do_not_vanish(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor chosen = tensor(new[] { 1e4, -1e4, 30.0 }).to(dtype).requires_grad_(), rejected = zeros(3, dtype: dtype);
        BradleyTerry.Sum(chosen, rejected).Loss.backward();
        CollectionAssert.AreEqual(new[] { 0.0, -1.0 }, chosen.grad!.to(ScalarType.Float64).data<double>().Take(2).ToArray());
        Assert.AreEqual(1e4, BradleyTerry.Sum(chosen.narrow(0, 1, 1), rejected.narrow(0, 1, 1)).Loss.ToDouble());
        // torch's own softplus is linear beyond 20 and the naive formula rounds to 0 here; the loss is e^-30.
        double small = BradleyTerry.Sum(chosen.narrow(0, 2, 1), rejected.narrow(0, 2, 1)).Loss.ToDouble();
        Assert.AreEqual(1, small / Math.Exp(-30), 1e-5);
        Assert.AreEqual(-1, chosen.grad![2].to(ScalarType.Float64).ToDouble() / Math.Exp(-30), 1e-5);
    }

    [TestMethod]
    public void A_number_added_to_all_rewards_changes_nothing()
    {
        using var scope = NewDisposeScope();
        double loss = BradleyTerry.Sum(tensor(s_chosen), tensor(s_rejected)).Loss.ToDouble();
        Assert.That.AreClose(loss, BradleyTerry.Sum(tensor(s_chosen) + 7, tensor(s_rejected) + 7).Loss.ToDouble(), 1e-13, "loss");
    }

    [TestMethod]
    public void A_tie_costs_ln_2_and_pulls_apart()
    {
        using var scope = NewDisposeScope();
        Tensor chosen = zeros(1, dtype: ScalarType.Float64).requires_grad_();
        Tensor loss = BradleyTerry.Sum(chosen, zeros(1, dtype: ScalarType.Float64)).Loss;
        loss.backward();
        Assert.AreEqual(Math.Log(2), loss.ToDouble(), 1e-15);
        Assert.AreEqual(-0.5, chosen.grad!.ToDouble(), 1e-15);
    }

    [TestMethod]
    public void Sums_of_parts_of_a_batch_add_up_and_no_pair_weighs_nothing()
    {
        using var scope = NewDisposeScope();
        ObjectiveSum Part(int start, int end) => BradleyTerry.Sum(tensor(s_chosen[start..end]), tensor(s_rejected[start..end]));
        Assert.That.AreClose(Part(0, 5).Loss.ToDouble(), Part(0, 2).Loss.ToDouble() + Part(2, 5).Loss.ToDouble(), 1e-14, "loss");
        Assert.AreEqual(0, Part(0, 0).Weight);
        Assert.AreEqual(0, Part(0, 0).Loss.ToDouble());
    }

    [TestMethod]
    public void Wrong_tensors_are_named()
    {
        using var scope = NewDisposeScope();
        Refused("floating point [n]", () => BradleyTerry.Sum(zeros(2, 1), zeros(2, 1)));
        Refused("floating point [n]", () => BradleyTerry.Sum(zeros(2, dtype: ScalarType.Int64), zeros(2)));
        Refused("rejected are Float32 [3]", () => BradleyTerry.Sum(zeros(2), zeros(3)));
        Refused("rejected are Float64 [2]", () => BradleyTerry.Sum(zeros(2), zeros(2, dtype: ScalarType.Float64)));
        Refused("margins are Float32 [1]", () => BradleyTerry.Sum(zeros(2), zeros(2), zeros(1)));

        static void Refused(string message, Action act) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(act).Message);
    }
}
