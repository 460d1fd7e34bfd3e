using MLNetExt.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class TrainingLoopTests
{
    [TestMethod]
    [DataRow(OptimizerKind.AdamW, 0.05)]
    [DataRow(OptimizerKind.SgdNesterov, 0.02)]
    public void Linear_regression_converges(OptimizerKind optimizer, double rate)
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches(rows: 256, batchSize: 32, noise: 0);
        var options = new TrainingOptions { Epochs = 60, Optimizer = optimizer, LearningRate = rate, WeightDecay = 0, MaxGradientNorm = 0 };

        var result = new TrainingLoop(network, new RegressionStep(network), options).Run(batches);

        Assert.AreEqual(60, result.Epochs);
        Assert.AreEqual(480, result.Steps);
        float[] values = Networks.Values(network);
        foreach (var (expected, actual) in new[] { 1f, -2f, 0.5f, 0.3f }.Zip(values))
        {
            Assert.AreEqual(expected, actual, 1e-2f);
        }
        Assert.IsFalse(network.training);
    }

    [TestMethod]
    [DataRow(OptimizerKind.AdamW)]
    [DataRow(OptimizerKind.SgdNesterov)]
    public void Four_accumulated_batches_equal_one_large_batch(OptimizerKind optimizer)
    {
        float[] Train(int batchSize, int accumulation)
        {
            using var network = Networks.Line();
            using var batches = new InMemoryBatches(rows: 80, batchSize: batchSize);
            var options = new TrainingOptions { Epochs = 3, Optimizer = optimizer, LearningRate = 0.01, GradientAccumulationSteps = accumulation };
            var result = new TrainingLoop(network, new RegressionStep(network), options).Run(batches);
            Assert.AreEqual(9, result.Steps, "the last, short step of an epoch counts");
            return Networks.Values(network);
        }

        float[] small = Train(8, 4), large = Train(32, 1);
        for (int i = 0; i < large.Length; i++)
        {
            Assert.AreEqual(large[i], small[i], 1e-6f);
        }
    }

    [TestMethod]
    public void Clipping_scales_the_mean_gradient_to_the_norm()
    {
        float[] Update(double maxNorm)
        {
            using var network = Networks.Line();
            float[] before = Networks.Values(network);
            using var batches = new InMemoryBatches(rows: 8, batchSize: 8);
            var options = new TrainingOptions
            {
                MaxSteps = 1,
                Optimizer = OptimizerKind.SgdNesterov,
                Momentum = 0.5,
                LearningRate = 1,
                WarmupFraction = 0,
                WeightDecay = 0,
                MaxGradientNorm = maxNorm,
            };
            new TrainingLoop(network, new RegressionStep(network), options).Run(batches);
            return [.. Networks.Values(network).Zip(before, (a, b) => a - b)];
        }

        // The first Nesterov update is -(1 + momentum) times the gradient.
        float[] free = Update(0), clipped = Update(0.25);
        double Norm(float[] v) => Math.Sqrt(v.Sum(x => (double)x * x));
        Assert.IsGreaterThan(0.25 * 1.5, Norm(free));
        Assert.AreEqual(0.25 * 1.5, Norm(clipped), 1e-5);
        for (int i = 0; i < free.Length; i++)
        {
            Assert.AreEqual(free[i] / Norm(free), clipped[i] / Norm(clipped), 1e-5);
        }
        CollectionAssert.AreEqual(free, Update(1e6));
    }

    [TestMethod]
    public void Max_steps_end_the_run_inside_an_epoch()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        var step = new RegressionStep(network);
        var result = new TrainingLoop(network, step, new TrainingOptions { MaxSteps = 6 }).Run(batches);
        Assert.AreEqual(6, result.Steps);
        Assert.AreEqual(2, result.Epochs);
        Assert.AreEqual(6, step.Batches);
    }

    [TestMethod]
    public void Zero_weight_leaves_the_weights_alone()
    {
        using var network = Networks.Line();
        float[] before = Networks.Values(network);
        using var batches = new InMemoryBatches();
        new TrainingLoop(network, new WeightlessStep(), new TrainingOptions { Epochs = 1 }).Run(batches);
        CollectionAssert.AreEqual(before, Networks.Values(network));
    }

    [TestMethod]
    public void Frozen_parameters_stay_and_groups_are_honoured()
    {
        using var network = Networks.Line();
        ((Linear)network).bias!.requires_grad = false;
        using var batches = new InMemoryBatches();
        var loop = new TrainingLoop(network, new RegressionStep(network), new TrainingOptions { Epochs = 1 })
        {
            Grouping = (name, _) => name == "weight" ? new(0, LearningRateFactor: 0) : throw new InvalidOperationException(name),
        };
        float[] before = Networks.Values(network);
        loop.Run(batches);
        CollectionAssert.AreEqual(before, Networks.Values(network));
    }

    [TestMethod]
    public void A_network_can_be_trained_twice()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches(noise: 0);
        var options = new TrainingOptions { Epochs = 30, LearningRate = 0.05 };
        double Loss()
        {
            var recorder = new Recorder();
            options.Progress = recorder;
            new TrainingLoop(network, new RegressionStep(network), options).Run(batches);
            return recorder.Reports[^1].Loss;
        }

        double first = Loss(), second = Loss();
        Assert.IsLessThan(first / 10, second);
    }

    [TestMethod]
    public void A_source_that_ends_before_its_promise_is_named()
    {
        using var network = Networks.Line();
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new TrainingLoop(network, new RegressionStep(network), new TrainingOptions()).Run(new ShortSource()));
        StringAssert.Contains(error.Message, "promised 3 batches in epoch 1 and gave 1");
    }

    [TestMethod]
    public void Parameters_of_two_types_are_refused_by_name()
    {
        using var network = nn.Sequential(("a", nn.Linear(3, 3)), ("b", nn.Linear(3, 1, dtype: ScalarType.Float64)));
        using var batches = new InMemoryBatches();
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new TrainingLoop(network, new RegressionStep(network), new TrainingOptions()).Run(batches));
        StringAssert.Contains(error.Message, "'b.weight'");
    }

    [TestMethod]
    public void A_step_that_replaces_gradients_is_refused()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new TrainingLoop(network, new ReplacingStep(network), new TrainingOptions()).Run(batches));
        StringAssert.Contains(error.Message, "gradient of 'weight'");
    }

    [TestMethod]
    public void A_non_finite_loss_stops_with_advice_and_keeps_the_good_weights()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        using var folder = new TemporaryFolder();
        var step = new RegressionStep(network) { Factor = b => b == 6 ? double.NaN : 1 };
        var options = new TrainingOptions { Epochs = 3, CheckpointFolder = folder.Path };

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => new TrainingLoop(network, step, options).Run(batches));

        Assert.AreEqual(7, error.Step);
        Assert.AreEqual(2, error.Epoch);
        StringAssert.Contains(error.Message, "Lower LearningRate");
        CollectionAssert.AreEqual(new[] { "step-00000004" }, folder.Checkpoints);
        Assert.IsTrue(Networks.Values(network).All(float.IsFinite));
    }

    [TestMethod]
    public void Weights_that_are_not_finite_are_never_checkpointed()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        using var folder = new TemporaryFolder();
        var step = new RegressionStep(network)
        {
            OnFinish = finished =>
            {
                if (finished == 8)
                {
                    network.parameters().First().fill_(float.NaN);
                }
            },
        };
        var options = new TrainingOptions { Epochs = 3, CheckpointFolder = folder.Path };
        Assert.ThrowsExactly<NonFiniteLossException>(() => new TrainingLoop(network, step, options).Run(batches));
        CollectionAssert.AreEqual(new[] { "step-00000004" }, folder.Checkpoints);
    }

    [TestMethod]
    public void Live_tensors_stay_flat_over_a_thousand_steps()
    {
        using var network = Networks.WithBatchNorm();
        using var batches = new InMemoryBatches(rows: 800, batchSize: 8);
        using var step = new TwoForwardStep(network);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var live = new List<long>();
        var loop = new TrainingLoop(network, step, new TrainingOptions { Epochs = 10 })
        {
            Validator = new ScriptedValidator(true, [.. Enumerable.Range(0, 10).Select(i => (double)i)])
            {
                OnValidate = _ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount),
            },
        };

        var result = loop.Run(batches);

        Assert.AreEqual(1000, result.Steps);
        Assert.AreEqual(live[1], live[^1]);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class ShortSource : Columns.IBatchSource
    {
        public long RowCount => 24;

        public int BatchesPerEpoch => 3;

        public IEnumerable<Columns.TensorBatch> Read(int epoch, int skip = 0)
        {
            using var batches = new InMemoryBatches();
            foreach (var batch in batches.Read(epoch).Take(1))
            {
                yield return batch;
            }
        }
    }

    private sealed class WeightlessStep : ITrainingStep
    {
        public StepLoss Accumulate(Columns.TensorBatch batch) => new(zeros([]), 0);

        public void Finish()
        {
        }

        public void SaveState(StepState state)
        {
        }

        public void LoadState(StepState state)
        {
        }
    }

    private sealed class ReplacingStep(nn.Module<Tensor, Tensor> network) : ITrainingStep
    {
        public StepLoss Accumulate(Columns.TensorBatch batch)
        {
            network.zero_grad(set_to_none: true);
            Tensor loss = network.call(batch["x"]).sum();
            loss.backward();
            return new(loss, batch.RowCount);
        }

        public void Finish()
        {
        }

        public void SaveState(StepState state)
        {
        }

        public void LoadState(StepState state)
        {
        }
    }
}
