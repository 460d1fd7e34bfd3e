using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

/// <summary>A resumed run gives bit for bit the weights of an uninterrupted one.</summary>
[TestClass]
public sealed class ResumeTests
{
    // 44 rows in batches of 8: 6 batches, the last short; two a step: 3 steps an epoch, 9 in all.
    private const int Steps = 9;

    public static IEnumerable<object[]> Cuts =>
        from cut in Enumerable.Range(0, Steps)
        from optimizer in Enum.GetValues<OptimizerKind>()
        select new object[] { cut, optimizer };

    [TestMethod]
    [DynamicData(nameof(Cuts))]
    public void A_run_cut_after_any_step_ends_with_the_same_bits(int cut, OptimizerKind optimizer)
    {
        byte[] expected = Uninterrupted(optimizer);
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        void CancelBefore(int batch)
        {
            if (batch == cut * 2)
            {
                source.Cancel();
            }
        }

        CancelBefore(0);
        var error = Assert.ThrowsExactly<TrainingCanceledException>(
            () => Train(Options(optimizer, folder.Path, source.Token), b => CancelBefore(b + 1)));
        Assert.AreEqual(cut, error.Step);

        var options = Options(optimizer, folder.Path);
        options.Resume = true;
        CollectionAssert.AreEqual(expected, Train(options));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(11)]
    [DataRow(16)]
    public void A_run_killed_while_it_accumulates_ends_with_the_same_bits(int batch)
    {
        byte[] expected = Uninterrupted(OptimizerKind.AdamW);
        using var folder = new TemporaryFolder();
        var options = Options(OptimizerKind.AdamW, folder.Path);
        options.CheckpointInterval = 1;
        Assert.ThrowsExactly<IOException>(() => Train(options, b =>
        {
            if (b == batch)
            {
                throw new IOException("killed");
            }
        }));
        // What a killed process leaves while it writes.
        string half = folder.File(".step-00000099.1.tmp", "weights.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        File.WriteAllText(half, "half");

        options.Resume = true;
        CollectionAssert.AreEqual(expected, Train(options));
        Assert.IsFalse(File.Exists(half));
    }

    [TestMethod]
    public void Many_cuts_in_one_run_end_with_the_same_bits()
    {
        byte[] expected = Uninterrupted(OptimizerKind.AdamW);
        using var folder = new TemporaryFolder();
        byte[]? actual = null;
        int attempts = 0;
        while (actual is null)
        {
            using var source = new CancellationTokenSource();
            var options = Options(OptimizerKind.AdamW, folder.Path, source.Token);
            options.Resume = true;
            attempts++;
            try
            {
                actual = Train(options, _ => source.Cancel());
            }
            catch (TrainingCanceledException)
            {
            }
        }
        Assert.AreEqual(Steps, attempts);
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void A_validation_that_is_cancelled_is_made_again()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var first = new ScriptedValidator(true, 1, 3, 2) { OnValidate = call => { if (call == 1) { source.Cancel(); } } };
        Assert.ThrowsExactly<TrainingCanceledException>(
            () => Train(Options(OptimizerKind.AdamW, folder.Path, source.Token), validator: first));

        var options = Options(OptimizerKind.AdamW, folder.Path);
        options.Resume = true;
        var second = new ScriptedValidator(true, 3, 2);
        byte[] resumed = Train(options, validator: second);
        Assert.AreEqual(2, second.Calls);
        CollectionAssert.AreEqual(Train(Options(OptimizerKind.AdamW, null), validator: new ScriptedValidator(true, 1, 3, 2)), resumed);
    }

    [TestMethod]
    public void Best_weights_and_patience_survive_a_resume()
    {
        double[] script = [5, 1, 2, 3, 4, 0];
        byte[] Run(string? path, bool resume, CancellationToken token, ScriptedValidator validator)
        {
            var options = Options(OptimizerKind.AdamW, path, token);
            (options.Epochs, options.EarlyStoppingPatience, options.Resume) = (6, 3, resume);
            return Train(options, validator: validator);
        }

        byte[] expected = Run(null, false, default, new ScriptedValidator(false, script));
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var cut = new ScriptedValidator(false, script) { OnValidate = call => { if (call == 3) { source.Cancel(); } } };
        Assert.ThrowsExactly<TrainingCanceledException>(() => Run(folder.Path, false, source.Token, cut));

        var rest = new ScriptedValidator(false, script[3..]);
        CollectionAssert.AreEqual(expected, Run(folder.Path, true, default, rest));
        Assert.AreEqual(2, rest.Calls, "three validations without a new best end the run");

        // A run that has ended ends again at once, with the same weights.
        CollectionAssert.AreEqual(expected, Run(folder.Path, true, default, new ScriptedValidator(false)));
    }

    private static byte[] Uninterrupted(OptimizerKind optimizer) => Train(Options(optimizer, null));

    private static TrainingOptions Options(OptimizerKind optimizer, string? folder, CancellationToken token = default) => new()
    {
        Epochs = 3,
        Optimizer = optimizer,
        LearningRate = 0.02,
        GradientAccumulationSteps = 2,
        CheckpointFolder = folder,
        CancellationToken = token,
    };

    private static byte[] Train(TrainingOptions options, Action<int>? onBatch = null, ScriptedValidator? validator = null)
    {
        using var network = Networks.WithBatchNorm();
        using var batches = new InMemoryBatches(rows: 44) { OnBatch = (epoch, batch) => onBatch?.Invoke(epoch * 6 + batch) };
        using var step = new TwoForwardStep(network);
        new TrainingLoop(network, step, options) { Validator = validator }.Run(batches);
        return Networks.Bytes(network);
    }
}
