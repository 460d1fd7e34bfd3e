using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Every causal model of tests/golden/hf, read from its directory, gives the numbers that an independent program gave.</summary>
[TestClass]
public sealed class ModelParityTests
{
    private const double Tolerance = 1e-4;

    private static IEnumerable<object[]> Models => ModelFixture.Causal;

    [TestMethod]
    public void All_causal_fixtures_are_found() => CollectionAssert.IsSubsetOf(
        (string[])["gpt2_tiny", "gpt2_tiny_prefixed", "llama_tiny_gqa", Path.Combine("llama_tiny_gqa", "sharded"), "llama_tiny_tied_llama3rope"],
        Models.Select(m => (string)m[0]).ToArray());

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Hidden_states_logits_and_losses_are_the_fixtures(string name) => Run(name, (fixture, network) =>
    {
        Tensor ids = fixture.Ids("input_ids"), isToken = fixture.Ids("attention_mask").eq(1);

        // Padding at the end needs no mask.
        foreach (Tensor? mask in new[] { null, isToken })
        {
            Tensor hidden = network.Hidden(ids, mask), logits = network.Logits(hidden);

            AssertClose(fixture.Values("last_hidden_state")[isToken], hidden[isToken]);
            AssertClose(fixture.Values("logits")[isToken], logits[isToken]);
            Tensor logProbabilities = nn.functional.log_softmax(logits.narrow(1, 0, ids.shape[1] - 1), -1)
                .gather(2, ids.narrow(1, 1, ids.shape[1] - 1).unsqueeze(2)).squeeze(2);
            double[][] expected = fixture.Ragged("token_log_probs");
            for (int row = 0; row < expected.Length; row++)
            {
                int length = (int)isToken[row].sum().item<long>() - 1;
                AssertClose(tensor(expected[row][..length]), logProbabilities[row].narrow(0, 0, length));
            }

            Tensor kept = logProbabilities[isToken.narrow(1, 1, ids.shape[1] - 1)];
            Assert.AreEqual(fixture.Number("loss_mean_nll_pad_ignored"), -kept.mean().ToDouble(), Tolerance);
        }
    });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_left_padded_row_is_read_with_and_without_its_position_ids(string name) => Run(name, (fixture, network) =>
    {
        Tensor ids = fixture.Ids("left_padded", "input_ids"), isToken = fixture.Ids("left_padded", "attention_mask").eq(1);
        Tensor expected = fixture.Values("left_padded", "last_position_logits").flatten();

        AssertClose(expected, network.Logits(network.Hidden(ids, isToken))[0, -1]);
        AssertClose(expected, network.Logits(network.Hidden(ids, isToken, fixture.Ids("left_padded", "position_ids")))[0, -1]);
    });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void The_greedy_continuation_is_the_fixtures_with_and_without_a_cache(string name) => Run(name, (fixture, network) =>
    {
        Tensor prompt = fixture.Ids("greedy", "prompt").unsqueeze(0);
        long[] expected = [.. fixture.Ids("greedy", "continuation").data<long>()];

        CollectionAssert.AreEqual(expected, Greedy(network, prompt, expected.Length, cache: null));
        using KeyValueCache cache = network.NewCache();
        CollectionAssert.AreEqual(expected, Greedy(network, prompt, expected.Length, cache));
    });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Rotary_frequencies_are_the_fixtures(string name)
    {
        using var scope = NewDisposeScope();
        var fixture = new ModelFixture(name);
        TransformerOptions options = ModelDirectory.Open(fixture.Path, ModelFamilies.Decoders).Options.Transformer;
        Assert.AreEqual(fixture.Has("rope_inv_freq"), options.RotaryTheta is not null);
        if (options.RotaryTheta is not { } theta)
            return;
        double[] expected = [.. fixture.Values("rope_inv_freq").data<double>()];
        IReadOnlyList<double> actual = new RotaryEmbedding(options.HeadSize, theta, options.RotaryScaling).Frequencies;
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-8 * expected[i]);
    }

    private static long[] Greedy(DecoderNetwork network, Tensor ids, int count, KeyValueCache? cache)
    {
        var chosen = new List<long>();
        while (chosen.Count < count)
        {
            Tensor read = cache is null || cache.Length == 0 ? ids : ids.narrow(1, ids.shape[1] - 1, 1);
            Tensor next = network.Logits(network.Hidden(read, cache: cache).select(1, -1)).argmax(-1, keepdim: true);
            chosen.Add(next.item<long>());
            ids = cat([ids, next], 1);
        }

        return [.. chosen];
    }

    private static void Run(string name, Action<ModelFixture, DecoderNetwork> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        var fixture = new ModelFixture(name);
        using DecoderNetwork network = ModelDirectory.Open(fixture.Path, ModelFamilies.Decoders).Load(generator);
        network.eval();
        test(fixture, network);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThan(Tolerance, (expected - actual.to(ScalarType.Float64)).abs().max().ToDouble());
    }
}
