using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contrastive;

/// <summary>Image files with captions, through ML.NET's LoadImages and ResizeImages.</summary>
[TestClass]
public sealed class ImagePairTests
{
    private const int Side = 8;
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public ImagePairTests() => _ml.Log += (_, e) => _log.Add(e.Message);

    [TestMethod]
    [DataRow(TowerKind.ResNet)]
    [DataRow(TowerKind.VisionTransformer)]
    public void Captions_find_their_images(TowerKind kind)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Data(folder, count: 90);
        using ContrastiveTransformer model = Fit(data, o =>
        {
            (o.Left.Kind, o.Left.FlipImages, o.Left.ShiftPixels) = (kind, true, 1);
            o.Training.Epochs = 15;
        });
        using ZeroShotTransformer classifier = _ml.Contrastive.ZeroShotClassifier(model, ["red", "green", "blue"], ["all {0}"]).Fit(data);
        IDataView scored = classifier.Transform(data);
        uint[] predicted = [.. Table.Read(scored, "PredictedLabel").Rows.Select(r => (uint)r[0])];
        Assert.IsGreaterThan(80, predicted.Where((p, i) => p == i % 3 + 1).Count());
    }

    [TestMethod]
    public void An_image_that_cannot_be_read_stops_training_with_its_name_or_is_left_out()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("broken.png"), "no image");
        IDataView data = Data(folder, count: 30, "broken.png", "");
        string message = Assert.Throws<Exception>(() => Fit(data)).GetBaseException() is var cause ? cause.Message : "";
        Assert.Contains("broken.png", message + Assert.Throws<Exception>(() => Fit(data)).Message);

        using ContrastiveTransformer model = Fit(data, o => o.UnusableRows = UnusableRowPolicy.Skip);
        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have nothing on one side", StringComparison.Ordinal) && m.Contains("broken.png", StringComparison.Ordinal), _log);
        object[][] embeddings = [.. Pairs.Column(model.Left, data, "LeftEmbedding").Rows.Select(r => (object[])r[0])];
        Assert.IsTrue(embeddings[30].Concat(embeddings[31]).All(v => float.IsNaN((float)v)), "rows without an image");
        Assert.IsTrue(embeddings[..30].SelectMany(e => e).All(v => float.IsFinite((float)v)), "rows with one");
    }

    [TestMethod]
    public void Images_of_another_size_are_refused_when_scoring()
    {
        using var folder = new TemporaryFolder();
        using ContrastiveTransformer model = Fit(Data(folder, count: 12));
        string message = Assert.Throws<ArgumentException>(() => model.Left.Transform(Load(folder, Rows(folder, 3), side: 12))).Message;
        Assert.Contains("12 x 12", message);
        Assert.Contains("ResizeImages", message);
    }

    [TestMethod]
    public async Task A_saved_pipeline_embeds_image_files_in_another_process()
    {
        using var folder = new TemporaryFolder();
        ImageRow[] rows = Rows(folder, 12);
        IDataView files = _ml.Data.LoadFromEnumerable(rows);
        var pipeline = Loading(folder, Side).Append(_ml.Contrastive.Trainers.Sigmoid(Options(null))).Append(_ml.Transforms.DropColumns("Image"));
        using var model = (IDisposable)pipeline.Fit(files);
        string file = folder.File("model.zip"), input = folder.File("rows.idv"), scores = folder.File("scores.idv");
        _ml.Model.Save((ITransformer)model, files.Schema, file);
        using (FileStream stream = File.Create(input))
            _ml.Data.SaveAsBinary(files, stream);

        Child.Outcome child = await Child.RunAsync("score-model", [file, input, scores]);

        Assert.AreEqual(0, child.ExitCode, child.Error);
        Table.AreEqual(
            Table.Read(((ITransformer)model).Transform(files), "LeftEmbedding", "RightEmbedding"),
            Table.Read(_ml.Data.LoadFromBinary(scores), "LeftEmbedding", "RightEmbedding"), 0, "the loaded pipeline");
    }

    [TestMethod]
    public void An_interrupted_fit_resumes_to_the_same_model_and_leaves_no_tensor()
    {
        using var folder = new TemporaryFolder();
        IDataView data = Data(folder, count: 40);
        Table Run(Action<SigmoidContrastiveOptions> change)
        {
            using ContrastiveTransformer model = Fit(data, o =>
            {
                (o.Left.FlipImages, o.Left.ShiftPixels, o.Left.Dropout, o.MicroBatchSize) = (true, 1, 0.1, 8);
                change(o);
            });
            return Pairs.Column(model, data, "LeftEmbedding");
        }

        Table expected = Run(_ => { });
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<TrainingCanceledException>(() => Run(o =>
        {
            (o.Training.CheckpointFolder, o.Training.CancellationToken) = (folder.File("checkpoints"), cancellation.Token);
            o.Training.Progress = new CancelAfterFirstEpoch(cancellation);
        }));
        Table resumed = Run(o => (o.Training.CheckpointFolder, o.Training.Resume) = (folder.File("checkpoints"), true));
        Table.AreEqual(expected, resumed, 0, "the resumed fit");
        Assert.AreEqual(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount, "live tensors");
    }

    private ContrastiveTransformer Fit(IDataView data, Action<SigmoidContrastiveOptions>? change = null) => _ml.Contrastive.Trainers.Sigmoid(Options(change)).Fit(data);

    private static SigmoidContrastiveOptions Options(Action<SigmoidContrastiveOptions>? change) => Pairs.Options(o =>
    {
        (o.LeftColumnName, o.RightColumnName) = ("Image", "Caption");
        (o.Left.Width, o.Left.Depth, o.Left.Heads, o.Left.PatchSize, o.Right.HashBits) = (8, 1, 2, 4, 10);
        change?.Invoke(o);
    });

    private IDataView Data(TemporaryFolder folder, int count, params string[] others) =>
        Load(folder, [.. Rows(folder, count), .. others.Select(file => new ImageRow { File = file, Caption = "all red" })], Side);

    private IDataView Load(TemporaryFolder folder, ImageRow[] rows, int side)
    {
        IDataView files = _ml.Data.LoadFromEnumerable(rows);
        return Loading(folder, side).Fit(files).Transform(files);
    }

    private EstimatorChain<Microsoft.ML.Transforms.Image.ImageResizingTransformer> Loading(TemporaryFolder folder, int side) =>
        _ml.Transforms.LoadImages("Image", folder.Path, nameof(ImageRow.File)).Append(_ml.Transforms.ResizeImages("Image", side, side));

    /// <summary>Noisy images of one colour each, and captions that name it.</summary>
    private static ImageRow[] Rows(TemporaryFolder folder, int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            byte[] pixels = [.. Enumerable.Range(0, Side * Side).SelectMany(_ => Enumerable.Range(0, 4).Select(c => c == 3 ? byte.MaxValue : (byte)(random.Next(100) + (c == i % 3 ? 150 : 0))))];
            string file = $"{i}.png";
            using MLImage image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels);
            image.Save(folder.File(file));
            return new ImageRow { File = file, Caption = "all " + (i % 3) switch { 0 => "red", 1 => "green", _ => "blue" } };
        })];
    }

    private sealed class ImageRow
    {
        public string File { get; set; } = "";

        public string Caption { get; set; } = "";
    }

    private sealed class CancelAfterFirstEpoch(CancellationTokenSource cancellation) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochEnd)
                cancellation.Cancel();
        }
    }
}
