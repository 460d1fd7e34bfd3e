using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using TokenBatch = MLNetExt.Tests.Networks.TokenBatch;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class CausalStepTests
{
    [TestMethod]
    public void A_mask_drawn_anew_drops_one_target_of_k_each_time_and_goes_on_after_a_resume()
    {
        const int Rows = 4, Length = 9, K = 4, Batches = 20;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var network = new DecoderNetwork(DecoderOptions.Llama(Rows * Length + 1, Length, width: 8, layers: 1, heads: 2), generator);
        using (torch.no_grad())
            network.HeadWeight.zero_();
        // Each id but the last occurs once; all but the first of a row are targets.
        TensorBatch batch = TokenBatch.Of([.. Enumerable.Range(0, Rows * Length).Select(id => (long)id).Chunk(Length)]);
        int[] targets = [.. Enumerable.Range(0, Rows * Length).Where(id => id % Length != 0)];

        CausalStep Step(int seed) =>
            new(network, new CausalColumns(TokenBatch.Column, LossMask: null), new NextTokenCrossEntropy(CausalColumns.NoTarget), generator, () => { }) { RandomMask = K, Seed = seed };

        // To a head of zeros all tokens are equally likely: the gradients of their rows differ only where a token was learned as a target.
        string Kept(CausalStep step)
        {
            using var each = torch.NewDisposeScope();
            network.zero_grad();
            step.Accumulate(batch);
            torch.Tensor gradient = network.HeadWeight.grad!;
            bool[] isKept = (gradient - gradient[-1]).abs().amax([1]).gt(0.1).data<bool>().ToArray();
            return string.Concat(targets.Select(id => isKept[id] ? '1' : '0'));
        }

        string[] Run(CausalStep step) => [.. Enumerable.Range(0, Batches).Select(_ => Kept(step))];

        CausalStep whole = Step(seed: 3), resumed = Step(seed: 3);
        string[] first = Run(whole);
        var state = new StepState();
        whole.SaveState(state);
        resumed.LoadState(state);
        string[] then = Run(whole), all = [.. first, .. then];
        CollectionAssert.AreEqual(then, Run(resumed), "a resumed step draws the masks that would have come");
        CollectionAssert.AreEqual(first, Run(Step(seed: 3)), "the seed decides");
        Assert.AreNotEqual(first[0], Kept(Step(seed: 4)));
        Assert.HasCount(all.Length, all.Distinct(), "each batch has another mask");
        Assert.AreEqual(1.0 / K, all.Average(mask => mask.Average(c => c == '0' ? 1.0 : 0)), 0.04);
        for (int t = 0; t < targets.Length; t++)
            Assert.HasCount(2, all.Select(mask => mask[t]).Distinct(), $"target {t} is kept once and dropped another time");
    }
}
