using Microsoft.ML;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contract;

public abstract partial class TrainerContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public void Cancelling_stops_before_the_next_step_and_leaves_a_usable_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        long cancelledAt = -1;
        TOptions options = WithCheckpoints(folder);
        Training(options).CancellationToken = cancellation.Token;
        Training(options).Progress = new Progress(p =>
        {
            cancelledAt = p.Step;
            cancellation.Cancel();
        });
        var error = Assert.ThrowsExactly<TrainingCanceledException>(() => Fit(options), "the token did not stop training");
        Assert.AreEqual(Training(options).CancellationToken, error.CancellationToken, "the exception does not carry the user's token");
        Assert.AreEqual(cancelledAt, error.Step, "steps made after the cancellation");
        Assert.IsNotNull(error.CheckpointPath, "no checkpoint was written");
        ResumesToTheSameWeights(folder);
    }

    [TestMethod]
    public void A_run_resumed_inside_an_epoch_equals_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        TOptions options = WithCheckpoints(folder);
        (Training(options).CheckpointInterval, Training(options).CheckpointsToKeep) = (3, 1000);
        Fit(options).Dispose();
        // What a crash after step 3, the first epoch's middle, leaves behind.
        foreach (string checkpoint in Directory.EnumerateDirectories(folder.Path).Where(d => !d.EndsWith("step-00000003", StringComparison.Ordinal)))
            Directory.Delete(checkpoint, recursive: true);
        ResumesToTheSameWeights(folder);
    }

    [TestMethod]
    public void Checkpoints_of_other_data_are_not_resumed()
    {
        using var folder = new TemporaryFolder();
        Fit(WithCheckpoints(folder)).Dispose();
        TOptions options = WithCheckpoints(folder);
        Training(options).Resume = true;
        TRow[] rows = Rows();
        (rows[0], rows[1]) = (rows[1], rows[0]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(options, rows), "the checkpoints of other rows were resumed");
        Assert.Contains("data", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [TestMethod]
    public void A_token_cancelled_before_fit_trains_nothing()
    {
        TOptions options = Options();
        Training(options).CancellationToken = new CancellationToken(canceled: true);
        Training(options).Progress = new Progress(_ => Assert.Fail("an epoch was trained"));
        Assert.Throws<OperationCanceledException>(() => Fit(options));
    }

    [TestMethod]
    public void CancelExecution_stops_training_but_not_scoring()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        using var trained = new Fitted(ml, Create(ml, Options()).Fit(data));
        Table expected = Outputs(trained.Transformer, data);
        int epochs = 0;
        TOptions options = Options();
        Training(options).Progress = new Progress(_ =>
        {
            epochs++;
            ml.CancelExecution();
        });
        Assert.Throws<OperationCanceledException>(() => Create(ml, options).Fit(data), "MLContext.CancelExecution did not stop training");
        Assert.AreEqual(1, epochs, "epochs trained");
        Table.AreEqual(expected, Outputs(trained.Transformer, data), 0, "scoring after CancelExecution");
    }

    [TestMethod]
    public void What_a_log_handler_or_progress_throws_ends_the_fit_and_leaves_no_tensor_alive()
    {
        var thrown = new NotSupportedException("of the user's own code");
        var ml = new MLContext(seed: 1);
        EventHandler<LoggingEventArgs> handler = (_, e) =>
        {
            if (e.Message.Contains("Epoch 1 of ", StringComparison.Ordinal))
                throw thrown;
        };
        TOptions reported = With(o => Training(o).Progress = new Progress(_ => throw thrown));
        void FailTwice()
        {
            ml.Log += handler;
            Assert.AreSame(thrown, Assert.ThrowsExactly<NotSupportedException>(() => Create(ml, Options()).Fit(Data(ml)), "the log handler's exception was lost"));
            ml.Log -= handler;
            Assert.AreSame(thrown, Assert.ThrowsExactly<NotSupportedException>(() => Create(ml, reported).Fit(Data(ml)), "the progress's exception was lost"));
        }

        // What is made once in a process is made here.
        FailTwice();
        long before = LiveTensors.OfThisThread;
        FailTwice();
        Assert.AreEqual(before, LiveTensors.OfThisThread, "tensors alive after the fits failed");
    }

    private void ResumesToTheSameWeights(TemporaryFolder folder)
    {
        using Fitted uninterrupted = Fit();
        TOptions options = WithCheckpoints(folder);
        Training(options).Resume = true;
        using Fitted resumed = Fit(options);
        Assert.AreEqual(Weights(uninterrupted), Weights(resumed), "a resumed run ends with other weights");
    }

    private TOptions WithCheckpoints(TemporaryFolder folder) => With(o => Training(o).CheckpointFolder = folder.Path);

    private sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochEnd)
                report(value);
        }
    }
}
