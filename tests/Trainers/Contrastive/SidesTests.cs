using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contrastive;

/// <summary>Each side of a model alone, saved alone, begun with and locked.</summary>
[TestClass]
public sealed class SidesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Each_side_works_where_only_its_column_exists()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer model = Pairs.Fit(_ml, data);
        IDataView onlyLeft = _ml.Transforms.SelectColumns("Left").Fit(data).Transform(data), onlyRight = _ml.Transforms.SelectColumns("Right").Fit(data).Transform(data);

        Table.AreEqual(Pairs.Column(model, data, "LeftEmbedding"), Pairs.Column(model.Left, onlyLeft, "LeftEmbedding"), 0, "the left side alone");
        Table.AreEqual(Pairs.Column(model, data, "RightEmbedding"), Pairs.Column(model.Right, onlyRight, "RightEmbedding"), 0, "the right side alone");
        Assert.Throws<ArgumentException>(() => model.Transform(onlyLeft));
    }

    [TestMethod]
    public void Embeddings_have_length_one()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer model = Pairs.Fit(_ml, data);
        foreach (object[] row in Pairs.Column(model, data, "LeftEmbedding").Rows.Concat(Pairs.Column(model, data, "RightEmbedding").Rows))
            Assert.AreEqual(1, ((object[])row[0]).Sum(v => Math.Pow((float)v, 2)), 1e-5);
    }

    [TestMethod]
    public async Task A_side_that_was_saved_alone_embeds_the_same_in_another_process()
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer model = Pairs.Fit(_ml, data);
        string file = folder.File("left.zip"), rows = folder.File("rows.idv"), scores = folder.File("scores.idv");
        _ml.Model.Save(model.Left, data.Schema, file);
        using (FileStream stream = File.Create(rows))
            _ml.Data.SaveAsBinary(data, stream);

        Child.Outcome child = await Child.RunAsync("score-model", [file, rows, scores]);

        Assert.AreEqual(0, child.ExitCode, child.Error);
        Table.AreEqual(Pairs.Column(model, data, "LeftEmbedding"), Table.Read(_ml.Data.LoadFromBinary(scores), "LeftEmbedding"), 0, "the loaded side");
    }

    [TestMethod]
    public void Disposing_a_side_leaves_the_model_and_disposing_the_model_ends_its_sides()
    {
        IDataView data = Pairs.Data(_ml);
        ContrastiveTransformer model = Pairs.Fit(_ml, data);
        EmbeddingTransformer right = model.Right;
        model.Left.Dispose();
        Assert.HasCount(60, Pairs.Column(model, data, "LeftEmbedding").Rows);
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => right.Transform(data));
    }

    [TestMethod]
    public void A_side_reads_another_column()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer model = Pairs.Fit(_ml, data);
        IDataView renamed = _ml.Transforms.CopyColumns("Other", "Left").Fit(data).Transform(data);
        Table other = Pairs.Column(model.Left.Reading("Other", "Embedded"), renamed, "Embedded");
        Table.AreEqual(Table.Read(model.Transform(data), "LeftEmbedding") with { Columns = ["Embedded"] }, other, 0, "the same rows under another name");
    }

    [TestMethod]
    public void A_locked_tower_stays_and_the_other_learns_its_space()
    {
        IDataView data = Pairs.Data(_ml, rows: 200);
        using ContrastiveTransformer first = Pairs.Fit(_ml, data, o => o.Training.Epochs = 10);
        Table locked = Pairs.Column(first, data, "LeftEmbedding");

        using ContrastiveTransformer second = Pairs.Fit(_ml, data, o =>
        {
            (o.Left.Pretrained, o.Left.IsLocked, o.Seed) = (first.Left, true, 9);
            o.Training.Epochs = 20;
        });

        Table.AreEqual(locked, Pairs.Column(second, data, "LeftEmbedding"), 0, "the locked side");
        double found = _ml.Contrastive.EvaluateRetrieval(second.Transform(data)).RecallAt[10];
        Assert.IsGreaterThan(4 * 10.0 / 200, found, "the trained side does not find the locked one");
        first.Dispose();
        Table.AreEqual(locked, Pairs.Column(second, data, "LeftEmbedding"), 0, "the locked side is not the model's own");
    }

    [TestMethod]
    public void A_locked_side_tells_equal_rows_without_its_own_column_in_memory()
    {
        // Each right side four times: matches that a batch must know of.
        PairRow[] rows = PairRow.Many(60);
        for (int i = 0; i < rows.Length; i++)
            rows[i].Right = rows[i % 15].Right;
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using ContrastiveTransformer first = Pairs.Fit(_ml, data);
        (double Loss, Table Left) Fit(PairMatching matching, bool isLocked)
        {
            double loss = double.NaN;
            using ContrastiveTransformer model = Pairs.Fit(_ml, data, o =>
            {
                (o.Matching, o.BatchSize, o.Right.Pretrained, o.Right.IsLocked, o.Right.LearningRateFactor) = (matching, 60, first.Right, isLocked, 0);
                o.Training.Epochs = 1;
                o.Training.Progress = new Reporter(p => loss = p.EpochLoss ?? loss);
            });
            return (loss, Pairs.Column(model, data, "LeftEmbedding"));
        }

        (double loss, Table left) = Fit(PairMatching.EqualRight, isLocked: true);
        (double expectedLoss, Table expected) = Fit(PairMatching.EqualRight, isLocked: false);
        Assert.AreEqual(expectedLoss, loss, 1e-4 * expectedLoss);
        Table.AreEqual(expected, left, 1e-3, "a side that does not learn, locked and read again in each step");
        Assert.IsGreaterThan(2 * Fit(PairMatching.OwnRow, isLocked: true).Loss, loss);

        SigmoidContrastiveOptions options = Pairs.Options(o => (o.Right.Pretrained, o.Right.IsLocked) = (first.Right, true));
        TrainingSide side = TrainingSide.Of("Right", "Right", options.Right, options, data.Schema);
        IDataView prepared = side.Prepare(data);
        Assert.AreNotEqual("Right", side.Identity.Name);
        string[] identities = [.. Table.Read(prepared, side.Identity.Name).Rows.Select(r => r[0].ToString()!)];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
                Assert.AreEqual(i % 15 == j % 15, identities[i] == identities[j], $"rows {i} and {j}");
        }
    }

    [TestMethod]
    public void A_pretrained_tower_is_where_training_begins()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer first = Pairs.Fit(_ml, data);
        using ContrastiveTransformer second = Pairs.Fit(_ml, data, o =>
        {
            (o.Left.Pretrained, o.Left.LearningRateFactor) = (first.Left, 0);
            o.Training.Epochs = 1;
        });
        Table.AreEqual(Pairs.Column(first, data, "LeftEmbedding"), Pairs.Column(second, data, "LeftEmbedding"), 0, "a tower whose learning rate is 0");
    }

    [TestMethod]
    public void Pretrained_towers_that_do_not_fit_are_refused()
    {
        IDataView data = Pairs.Data(_ml);
        using ContrastiveTransformer first = Pairs.Fit(_ml, data);
        Refused("EmbeddingSize is 5", o => (o.Left.Pretrained, o.EmbeddingSize) = (first.Left, 5));
        Refused("needs Left.Pretrained", o => o.Left.IsLocked = true);
        Refused("4 slots, but the model was trained on 6", o => o.Right.Pretrained = first.Left);
        Refused("both set", o => (o.Left.Pretrained, o.Left.IsLocked, o.Right.Pretrained, o.Right.IsLocked) = (first.Left, true, first.Right, true));

        void Refused(string message, Action<SigmoidContrastiveOptions> change) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, data, change)).Message);
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
