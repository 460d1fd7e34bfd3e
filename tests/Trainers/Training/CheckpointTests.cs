using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class CheckpointTests
{
    [TestMethod]
    public void The_last_ones_and_the_best_are_kept()
    {
        using var folder = new TemporaryFolder();
        Train(new() { Epochs = 6, CheckpointFolder = folder.Path, CheckpointsToKeep = 2 }, new ScriptedValidator(false, 3, 1, 2, 4, 5, 6));
        CollectionAssert.AreEqual(new[] { "step-00000008", "step-00000020", "step-00000024" }, folder.Checkpoints);
    }

    [TestMethod]
    public void The_interval_counts_steps_and_the_epochs_end_is_always_there()
    {
        using var folder = new TemporaryFolder();
        Train(new() { Epochs = 2, CheckpointFolder = folder.Path, CheckpointsToKeep = 9, CheckpointInterval = 3 });
        CollectionAssert.AreEqual(
            new[] { "step-00000003", "step-00000004", "step-00000006", "step-00000008" }, folder.Checkpoints);
    }

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("optimizer.safetensors")]
    [DataRow("step.safetensors")]
    [DataRow("state.json")]
    public void A_damaged_newest_checkpoint_is_passed_over_with_a_warning(string file)
    {
        byte[] expected = Train(new() { Epochs = 3 });
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 2, folder);
        string damaged = folder.File("step-00000008", file);
        byte[] bytes = File.ReadAllBytes(damaged);
        if (file == "state.json")
        {
            File.WriteAllBytes(damaged, bytes[..(bytes.Length / 2)]);
        }
        else
        {
            bytes[^1] ^= 1;
            File.WriteAllBytes(damaged, bytes);
        }

        var warnings = new List<string>();
        byte[] resumed = Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true }, warn: warnings.Add);

        CollectionAssert.AreEqual(expected, resumed);
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "step-00000008");
    }

    [TestMethod]
    public void A_checkpoint_that_lacks_a_file_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 2, folder);
        File.Delete(folder.File("step-00000008", "optimizer.safetensors"));
        var warnings = new List<string>();
        Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true }, warn: warnings.Add);
        Assert.HasCount(1, warnings);
    }

    [TestMethod]
    public void When_all_are_damaged_the_run_does_not_silently_begin_again()
    {
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 1, folder);
        File.WriteAllText(folder.File("step-00000004", "state.json"), "{");
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true }));
        StringAssert.Contains(error.Message, folder.Path);
    }

    [TestMethod]
    public void An_unknown_version_is_named()
    {
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 1, folder);
        string state = folder.File("step-00000004", "state.json");
        File.WriteAllText(state, File.ReadAllText(state).Replace("\"Version\": 1", "\"Version\": 9", StringComparison.Ordinal));
        var error = Assert.ThrowsExactly<NotSupportedException>(
            () => Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true }));
        StringAssert.Contains(error.Message, "version 9");
    }

    [TestMethod]
    public void Other_settings_refuse_to_resume_and_are_named()
    {
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 1, folder);
        void Refuses(string named, TrainingOptions options, int rows = 32, string seed = "1")
        {
            (options.CheckpointFolder, options.Resume) = (folder.Path, true);
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(options, rows: rows, seed: seed));
            StringAssert.Contains(error.Message, named);
        }

        Refuses("Epochs = 3, now Epochs = 4", new() { Epochs = 4 });
        Refuses("LearningRate = 0.003, now LearningRate = 0.5", new() { Epochs = 3, LearningRate = 0.5 });
        Refuses("Optimizer", new() { Epochs = 3, Optimizer = OptimizerKind.SgdNesterov });
        Refuses("rows = 32, now rows = 31", new() { Epochs = 3 }, rows: 31);
        Refuses("seed = \"1\", now seed = \"2\"", new() { Epochs = 3 }, seed: "2");

        // What does not change the weights may differ.
        Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true, CheckpointInterval = 2, CheckpointsToKeep = 1 });
    }

    [TestMethod]
    public void A_checkpoint_of_another_network_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        CancelAfter(epochs: 1, folder);
        using var other = Networks.Line();
        using var batches = new InMemoryBatches();
        var options = new TrainingOptions { Epochs = 3, CheckpointFolder = folder.Path, Resume = true };
        var loop = new TrainingLoop(other, new RegressionStep(other), options) { Settings = Seed("1") };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => loop.Run(batches)).Message, "'weight'");
    }

    [TestMethod]
    public void A_folder_of_an_earlier_run_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        Train(new() { Epochs = 1, CheckpointFolder = folder.Path });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(new() { Epochs = 1, CheckpointFolder = folder.Path }));
        StringAssert.Contains(error.Message, nameof(TrainingOptions.Resume));
    }

    [TestMethod]
    public void Resume_in_an_empty_folder_begins()
    {
        using var folder = new TemporaryFolder();
        CollectionAssert.AreEqual(Train(new() { Epochs = 2 }), Train(new() { Epochs = 2, CheckpointFolder = folder.Path, Resume = true }));
    }

    [TestMethod]
    public void Cancelling_names_the_checkpoint_and_keeps_it_usable()
    {
        using var folder = new TemporaryFolder();
        var error = CancelAfter(epochs: 2, folder);
        Assert.AreEqual(8, error.Step);
        Assert.AreEqual(Path.Combine(folder.Path, "step-00000008"), error.CheckpointPath);
        Assert.IsTrue(error.CancellationToken.IsCancellationRequested);
        CollectionAssert.AreEqual(Train(new() { Epochs = 3 }), Train(new() { Epochs = 3, CheckpointFolder = folder.Path, Resume = true }));
    }

    [TestMethod]
    public void Frozen_parameters_are_not_written_and_must_come_back_as_they_were()
    {
        using var folder = new TemporaryFolder();
        byte[] TrainFrozen(string? checkpoints, bool resume = false, float bias = 0.5f)
        {
            using var network = (Linear)Networks.Line();
            network.bias!.requires_grad = false;
            using (NewDisposeScope())
            using (no_grad())
            {
                network.bias.fill_(bias);
            }
            using var batches = new InMemoryBatches();
            var options = new TrainingOptions { Epochs = 3, CheckpointFolder = checkpoints, CheckpointsToKeep = 9, Resume = resume };
            new TrainingLoop(network, new RegressionStep(network), options).Run(batches);
            return Networks.Bytes(network);
        }

        byte[] expected = TrainFrozen(null);
        TrainFrozen(folder.Path);
        foreach (string later in folder.Checkpoints.Skip(1))
        {
            Directory.Delete(Path.Combine(folder.Path, later), recursive: true);
        }
        using (var weights = SafetensorsReader.FromFile(folder.File("step-00000004", "weights.safetensors")))
        {
            CollectionAssert.AreEqual(new[] { "weight" }, weights.Names.ToArray());
        }
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TrainFrozen(folder.Path, resume: true, bias: 0.25f));
        StringAssert.Contains(error.Message, "frozen weights");
        CollectionAssert.AreEqual(expected, TrainFrozen(folder.Path, resume: true));
    }

    [TestMethod]
    public void Cancelling_without_a_folder_says_how_to_be_able_to_resume()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => Train(new() { CancellationToken = source.Token }));
        Assert.IsNull(error.CheckpointPath);
        StringAssert.Contains(error.Message, nameof(TrainingOptions.CheckpointFolder));
    }

    /// <summary>A run of 3 epochs of 4 steps that is cancelled before the given epoch's successor begins.</summary>
    private static TrainingCanceledException CancelAfter(int epochs, TemporaryFolder folder)
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(p =>
        {
            if (p.Step == epochs * 4)
            {
                source.Cancel();
            }
        });
        return Assert.ThrowsExactly<TrainingCanceledException>(() => Train(
            new() { Epochs = 3, CheckpointFolder = folder.Path, CancellationToken = source.Token, Progress = progress }));
    }

    private static byte[] Train(
        TrainingOptions options, ScriptedValidator? validator = null, Action<string>? warn = null, int rows = 32, string seed = "1")
    {
        using var network = Networks.WithBatchNorm();
        using var batches = new InMemoryBatches(rows);
        using var step = new TwoForwardStep(network);
        new TrainingLoop(network, step, options) { Validator = validator, Warn = warn, Settings = Seed(seed) }.Run(batches);
        return Networks.Bytes(network);
    }

    private static Dictionary<string, string> Seed(string seed) => new() { ["seed"] = seed };
}
