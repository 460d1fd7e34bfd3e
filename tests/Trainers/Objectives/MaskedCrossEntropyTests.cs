using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class MaskedCrossEntropyTests
{
    private static readonly (int Rows, int Width, int Vocabulary)[] s_shapes = [(1, 1, 1), (1, 4, 2), (9, 3, 7), (10, 3, 8), (21, 4, 31), (40, 6, 1003)];

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void Every_block_size_equals_all_logits_at_once(bool fused, ScalarType dtype, double tolerance)
    {
        foreach (var (rows, width, vocabulary) in s_shapes)
        {
            using var scope = NewDisposeScope();
            var (hidden, head, bias, targets) = Batch(rows, width, vocabulary, dtype);
            foreach (Tensor? added in new[] { bias, null })
            {
                var expected = Gradients(hidden.to(ScalarType.Float64), head.to(ScalarType.Float64), added?.to(ScalarType.Float64), (h, w, b) =>
                {
                    var losses = nn.functional.cross_entropy(b is null ? h.mm(w.t()) : h.mm(w.t()) + b, targets, reduction: nn.Reduction.None);
                    return new(losses.sum(), losses.detach());
                });
                foreach (int? blockRows in new int?[] { 1, 7, null })
                {
                    var objective = new MaskedCrossEntropy { UseFusedKernel = fused, BlockRows = blockRows };
                    var actual = Gradients(hidden, head, added, (h, w, b) => objective.Sum(h, w, b, targets));
                    for (int i = 0; i < expected.Length; i++)
                        Assert.That.AreClose(expected[i], actual[i], tolerance, $"{rows} x {vocabulary}, blocks of {blockRows}, biased {added is not null}, result {i}");
                }
            }
        }
    }

    [TestMethod]
    public void Without_masked_positions_the_loss_and_its_gradients_are_0()
    {
        using var scope = NewDisposeScope();
        var (hidden, head, bias, targets) = Batch(0, 3, 7, ScalarType.Float32);
        double[][] results = Gradients(hidden, head, bias, (h, w, b) => new MaskedCrossEntropy().Sum(h, w, b, targets));
        Assert.IsTrue(results.SelectMany(r => r).All(v => v == 0));
        Assert.IsEmpty(results[1]);
    }

    [TestMethod]
    public void Only_what_is_differentiated_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        var (hidden, head, bias, targets) = Batch(5, 3, 7, ScalarType.Float32);
        var leaf = bias.detach().clone().requires_grad_();
        new MaskedCrossEntropy().Sum(hidden, head, leaf, targets).Loss.backward();
        Assert.IsNull(hidden.grad);
        // Of every row, probabilities less one target: they add up to 0.
        Assert.AreEqual(0, leaf.grad!.sum().ToDouble(), 1e-5);
        using (no_grad())
            Assert.IsFalse(new MaskedCrossEntropy().Sum(hidden, head, leaf, targets).Loss.requires_grad);
    }

    [TestMethod]
    public void Bad_input_is_named()
    {
        using var scope = NewDisposeScope();
        var (hidden, head, bias, targets) = Batch(5, 3, 7, ScalarType.Float32);
        void Throws(string part, Func<object> act) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ = act()).Message, part);
        Throws("BlockRows is 0", () => new MaskedCrossEntropy { BlockRows = 0 });
        Throws("bias is Float32 [6]", () => new MaskedCrossEntropy().Sum(hidden, head, bias.narrow(0, 0, 6), targets));
        Throws("bias is Float64", () => new MaskedCrossEntropy().Sum(hidden, head, bias.to(ScalarType.Float64), targets));
        Throws("bias is on meta", () => new MaskedCrossEntropy().Sum(hidden, head, zeros(7, device: new Device(DeviceType.META)), targets));
        Throws("an id below 0", () => new MaskedCrossEntropy().Sum(hidden, head, bias, targets.index_fill(0, tensor(2L), -1)));
        Throws("7", () => new MaskedCrossEntropy().Sum(hidden, head, bias, targets.index_fill(0, tensor(2L), 7)));
        Throws("targets are", () => new MaskedCrossEntropy().Sum(hidden, head, bias, targets.narrow(0, 0, 4)));
    }

    private static (Tensor Hidden, Tensor Head, Tensor Bias, Tensor Targets) Batch(int rows, int width, int vocabulary, ScalarType dtype)
    {
        var generator = new Generator(7);
        return (
            randn(rows, width, dtype: dtype, generator: generator),
            randn(vocabulary, width, dtype: dtype, generator: generator),
            randn(vocabulary, dtype: dtype, generator: generator),
            randint(0, vocabulary, rows, dtype: ScalarType.Int64, generator: generator));
    }

    /// <summary>The loss, that of each position, and the gradients by hidden states, head and bias.</summary>
    private static double[][] Gradients(Tensor hidden, Tensor head, Tensor? bias, Func<Tensor, Tensor, Tensor?, MaskedTokenSum> run)
    {
        Tensor h = hidden.detach().clone().requires_grad_(), w = head.detach().clone().requires_grad_();
        Tensor? b = bias?.detach().clone().requires_grad_();
        MaskedTokenSum sum = run(h, w, b);
        sum.Loss.backward();
        return [.. new[] { sum.Loss, sum.Losses, h.grad!, w.grad! }.Concat(b is null ? [] : [b.grad!]).Select(ObjectiveRun.Doubles)];
    }
}
