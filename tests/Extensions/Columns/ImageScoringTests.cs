using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class ImageScoringTests : IDisposable
{
    private readonly ImageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(256)]
    public void A_view_scores_the_images_of_its_rows(int blockRows)
    {
        string[] names = _folder.SaveMany(20);
        IDataView data = _folder.Load([.. names, null]);
        var view = new BlockScoringView(data, new MeanScorer(data.Schema), blockRows);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Mean"], view.Schema["Image"]]);
        ValueGetter<float> mean = cursor.GetGetter<float>(view.Schema["Mean"]);
        float value = 0;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            mean(ref value);
            if (row == names.Length)
                Assert.IsTrue(float.IsNaN(value));
            else
                Assert.AreEqual(Mean(row), value, 1e-3);
        }
    }

    [TestMethod]
    public void A_prediction_engine_scores_an_image_in_memory_and_leaves_it_to_the_user()
    {
        using PredictionEngine<Input, Output> engine = new MLContext().Model.CreatePredictionEngine<Input, Output>(new MeanTransformer());
        long live = LiveTensors.Count();
        for (int i = 0; i < 50; i++)
        {
            using MLImage image = ImageFolder.Image(i);
            Assert.AreEqual(Mean(i), engine.Predict(new Input { Image = image }).Mean, 1e-3);
            Assert.AreEqual(ImageFolder.Width, image.Width);
        }
        Assert.IsTrue(float.IsNaN(engine.Predict(new Input()).Mean));
        Assert.AreEqual(live, LiveTensors.Count());
    }

    [TestMethod]
    public void A_prediction_engine_names_the_file_that_cannot_be_read()
    {
        string damaged = _folder.Save("damaged.png", 1, 2, 3);
        string good = _folder.SaveMany(1)[0];
        IDataView data = _folder.Load([good, damaged]);
        var mapper = new BlockRowMapper(new MeanScorer(data.Schema));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["Mean"]]);
        ValueGetter<float> mean = row.GetGetter<float>(mapper.OutputSchema["Mean"]);
        float value = 0;
        Assert.IsTrue(cursor.MoveNext());
        mean(ref value);
        Assert.AreEqual(Mean(0), value, 1e-3);
        Assert.IsTrue(cursor.MoveNext());
        string message = Assert.ThrowsExactly<InvalidDataException>(() => mean(ref value)).Message;
        StringAssert.Contains(message, "'damaged.png'");
        StringAssert.Contains(message, "row 1");
    }

    private static double Mean(int image) => ImageFolder.Planes(image).Average(value => (double)value);

    private sealed class Input
    {
        [ImageType(ImageFolder.Height, ImageFolder.Width)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class Output
    {
        public float Mean { get; set; }
    }

    /// <summary>The mean of an image's bytes; NaN without an image.</summary>
    private sealed class MeanScorer(DataViewSchema schema) : BlockScorer(schema, [BatchColumn.Image("Image")], [new("Mean", NumberDataViewType.Single)])
    {
        protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
        {
            ImageRows images = batch.Images("Image");
            Tensor means = images.Pixels.to_type(ScalarType.Float32).mean([1, 2, 3]);
            return [ScoredColumn.Scalars(means.masked_fill(images.IsPresent.logical_not(), float.NaN).data<float>().ToArray())];
        }
    }

    private sealed class MeanTransformer : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new MeanScorer(inputSchema).OutputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BlockRowMapper(new MeanScorer(inputSchema));

        public IDataView Transform(IDataView input) => new BlockScoringView(input, new MeanScorer(input.Schema));

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
