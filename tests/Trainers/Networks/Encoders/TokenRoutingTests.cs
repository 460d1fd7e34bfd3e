using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class TokenRoutingTests
{
    private static readonly Golden s_golden = Golden.Read("token_importance.json");

    private static IEnumerable<object[]> Roles => Cases("layer_roles_");

    private static IEnumerable<object[]> Toys => Cases("routing_toy_");

    [TestMethod]
    [DynamicData(nameof(Roles))]
    public void The_roles_are_the_golden_ones(string name)
    {
        GoldenCase golden = Case(name);
        string[] expected = [.. golden.Items("expected", "roles").Select(role => role!.Text())];
        CollectionAssert.AreEqual(expected, LayerRoles.Of((int)golden.Number("inputs", "layers")).Select(role => role.ToString().ToLowerInvariant()).ToArray());
    }

    [TestMethod]
    public void Every_depth_has_one_layer_that_crosses_and_a_last_one_that_merges()
    {
        for (int layers = 2; layers < 40; layers++)
        {
            IReadOnlyList<LayerRole> roles = LayerRoles.Of(layers);
            Assert.HasCount(layers, roles);
            Assert.AreEqual(1, roles.Count(role => role == LayerRole.Cross));
            Assert.AreEqual(layers - 1, roles.ToList().IndexOf(LayerRole.Merge));
        }

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LayerRoles.Of(1)).Message, "The network has 1 layer");
    }

    [TestMethod]
    [DynamicData(nameof(Toys))]
    public void A_toy_layer_gives_the_golden_values_after_each_layer(string name)
    {
        using var scope = NewDisposeScope();
        GoldenCase golden = Case(name);
        double[] x = golden.Vector("inputs", "x");
        TokenSelection selection = Selections.Of(
            2, [.. golden.Vector("inputs", "selected").Select(p => (long)p)], [.. golden.Vector("inputs", "not_selected").Select(p => (long)p)]);
        double[][] expected = [.. golden.Items("expected", "outputs").Select(o => o!.Vector())];
        var outputs = new List<double[]>();

        // The second row is the first plus one, and so are its values: nothing goes from row to row.
        HiddenStates states = TokenRouting.Run(tensor(x.Concat(x.Select(v => v + 1)).ToArray()).view(2, x.Length, 1), expected.Length, selection, (i, role, tokens, others) =>
        {
            Assert.AreEqual(role == LayerRole.Cross, others is not null);
            Assert.AreEqual(LayerRoles.Of(expected.Length)[i], role);
            Tensor seen = others is null ? tokens : cat([tokens, others], 1), output = tokens + 0.5 * seen.mean([1], keepdim: true) + 1;
            outputs.Add([.. output[0].data<double>()]);
            return output;
        });

        Assert.HasCount(expected.Length, outputs);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], outputs[i]);
        AssertClose(expected[^1], [.. states.Last[0].data<double>()]);
        AssertClose(golden.Vector("expected", "merged_before_last"), [.. states.Penultimate[0].data<double>()]);
        Assert.IsTrue((states.Penultimate[1] > states.Penultimate[0]).all().item<bool>());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(6)]
    [DataRow(13)]
    public void What_was_taken_apart_is_put_back_in_its_place(int kept)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor tokens = randn([7, 13, 3], generator: generator);
        TokenSelection selection = Selections.Random(7, 13, kept);
        (Tensor selected, Tensor unselected) = selection.Split(tokens);
        CollectionAssert.AreEqual((long[])[7, kept, 3], selected.shape);
        CollectionAssert.AreEqual((long[])[7, 13 - kept, 3], unselected.shape);
        for (int row = 0; row < 7; row++)
            Assert.IsTrue(selected[row, kept - 1].Equals(tokens[row, selection.Selected[row, kept - 1].item<long>()]));
        Assert.IsTrue(tokens.Equals(selection.Merge(selected, unselected)));
    }

    [TestMethod]
    public void Without_a_selection_every_layer_is_full_and_the_last_two_states_are_given()
    {
        using var scope = NewDisposeScope();
        HiddenStates states = TokenRouting.Run(zeros(1, 2, 1), 3, null, (i, role, tokens, others) =>
        {
            Assert.AreEqual(LayerRole.Full, role);
            Assert.IsNull(others);
            return tokens + (i + 1);
        });
        Assert.AreEqual(3, states.Penultimate[0, 0, 0].ToDouble());
        Assert.AreEqual(6, states.Last[0, 0, 0].ToDouble());
    }

    [TestMethod]
    public void A_selection_of_other_tokens_is_named()
    {
        using var scope = NewDisposeScope();
        Tensor tokens = zeros(2, 4, 1);
        void Fails(TokenSelection selection, string message) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => selection.Split(tokens)).Message, message);

        Fails(Selections.Of(2, [0, 1], [2]), "are [2, 2] and the others [2, 1]: of 2 rows of 4 tokens");
        Fails(Selections.Of(3, [0, 1], [2, 3]), "are [3, 2]");
        Fails(Selections.Of(2, [], [0, 1, 2, 3]), "are [2, 0]");
        Fails(Selections.Of(2, [0, 1], [1, 3]), "miss a position");
        Fails(Selections.Of(2, [0, 1], [2, 4]), "miss a position");
        Fails(Selections.Of(2, [0, -1], [2, 3]), "miss a position");
    }

    private static IEnumerable<object[]> Cases(string prefix) =>
        s_golden.Cases.Where(c => c.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(c => new object[] { c.Name });

    private static GoldenCase Case(string name) => s_golden.Cases.Single(c => c.Name == name);

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], s_golden.Tolerance);
    }
}
