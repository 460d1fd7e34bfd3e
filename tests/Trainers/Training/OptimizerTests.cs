using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class OptimizerTests
{
    [TestMethod]
    [DataRow(OptimizerKind.AdamW, ScalarType.Float64, 1e-12)]
    [DataRow(OptimizerKind.AdamW, ScalarType.Float32, 1e-6)]
    [DataRow(OptimizerKind.SgdNesterov, ScalarType.Float64, 1e-12)]
    [DataRow(OptimizerKind.SgdNesterov, ScalarType.Float32, 1e-6)]
    public void Fifty_steps_equal_torchs_own_optimizer(OptimizerKind kind, ScalarType dtype, double tolerance)
    {
        const double Rate = 0.02, Decay = 0.1;
        using var batches = new InMemoryBatches(rows: 80, batchSize: 8, shuffle: false, dtype: dtype);
        using var ours = Networks.Line(dtype);
        var options = new TrainingOptions
        {
            Epochs = 5,
            Optimizer = kind,
            LearningRate = Rate,
            WeightDecay = Decay,
            WarmupFraction = 0,
            FinalLearningRateFraction = 1,
            MaxGradientNorm = 0,
        };
        new TrainingLoop(ours, new RegressionStep(ours), options) { Grouping = (_, _) => new(1) }.Run(batches);

        using var theirs = Networks.Line(dtype);
        using optim.Optimizer torchs = kind == OptimizerKind.AdamW
            ? optim.AdamW(theirs.parameters(), Rate, weight_decay: Decay)
            : optim.SGD(theirs.parameters(), Rate, momentum: 0.9, weight_decay: Decay, nesterov: true);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            foreach (var batch in batches.Read(epoch))
            {
                torchs.zero_grad();
                (theirs.call(batch["x"]).squeeze(1) - batch["y"]).pow(2).mean().backward();
                torchs.step();
            }
        }

        foreach (var (a, b) in ours.parameters().Zip(theirs.parameters()))
        {
            Assert.IsLessThanOrEqualTo(tolerance, (a - b).abs().max().to(float64).item<double>());
        }
    }

    [TestMethod]
    public void The_fused_AdamW_update_equals_torchs_operations_at_every_length()
    {
        var update = new AdamWUpdate(Keep: 0.999, Size: 0.01, Scale: 0.5, Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8);
        using var generator = new Generator(1, CPU);
        foreach (int length in new[] { 1, 7, 8, 9, 64, 1001, 300_001 })
        {
            using var scope = NewDisposeScope();
            Tensor[] fused = [.. Enumerable.Range(0, 4).Select(_ => rand(length, generator: generator))];
            Tensor[] plain = [.. fused.Select(t => t.clone())];
            set_num_threads(length > 300_000 ? 2 : 1);
            update.Apply(fused[0], fused[1], fused[2], fused[3]);
            set_num_threads(1);
            update.ApplyByTorch(plain[0], plain[1], plain[2], plain[3]);
            foreach (var (a, b) in fused.Zip(plain))
            {
                Assert.IsLessThanOrEqualTo(1e-6f, (a - b).abs().max().item<float>());
            }
        }
    }

    [TestMethod]
    public void Weight_decay_spares_biases_by_default()
    {
        using var weight = zeros(2, 2);
        using var bias = zeros(2);
        using var scalar = zeros([]);
        Assert.AreEqual(1, ParameterGroup.ByShape("w", weight).WeightDecayFactor);
        Assert.AreEqual(0, ParameterGroup.ByShape("b", bias).WeightDecayFactor);
        Assert.AreEqual(0, ParameterGroup.ByShape("s", scalar).WeightDecayFactor);
    }
}
