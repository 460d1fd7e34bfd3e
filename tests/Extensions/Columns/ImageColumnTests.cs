using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Columns;
using TorchSharp;
using static MLNetExt.Tests.Columns.ImageFolder;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class ImageColumnTests : IDisposable
{
    private static readonly BatchColumn[] s_columns = [BatchColumn.Image("Image"), BatchColumn.Scalar("Number")];
    private static readonly BatchColumn[] s_lenient = [BatchColumn.Image("Image", unreadableIsMissing: true), BatchColumn.Scalar("Number")];
    private readonly ImageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Loaded_images_become_planes_of_red_green_and_blue()
    {
        using BatchSource source = Open(_folder.Load(_folder.SaveMany(5)));
        Assert.AreEqual((Height, Width), (source.Columns[0].ImageHeight, source.Columns[0].ImageWidth));
        Assert.AreEqual((0, 0), (source.Columns[1].ImageHeight, source.Columns[1].ImageWidth));
        ImageRows images = source.Read(0).Single().Images("Image");
        Assert.AreEqual(ScalarType.Byte, images.Pixels.dtype);
        CollectionAssert.AreEqual(new long[] { 5, 3, Height, Width }, images.Pixels.shape);
        CollectionAssert.AreEqual(Enumerable.Range(0, 5).SelectMany(Planes).ToArray(), Bytes(images));
        CollectionAssert.AreEqual(new[] { true, true, true, true, true }, Present(images));
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32)]
    [DataRow(MLPixelFormat.Bgra32)]
    public void Images_in_memory_are_read_in_either_pixel_format_and_stay_the_users(MLPixelFormat format)
    {
        MLImage[] images = [.. Enumerable.Range(0, 3).Select(i => Image(i, format))];
        IDataView data = InMemory(images);
        for (int pass = 0; pass < 2; pass++)
        {
            using BatchSource source = Open(data);
            CollectionAssert.AreEqual(Enumerable.Range(0, 3).SelectMany(Planes).ToArray(), Bytes(source.Read(0).Single().Images("Image")));
        }
        Assert.IsTrue(images.All(image => image.Width == Width));
    }

    [TestMethod]
    public void Images_in_memory_that_need_no_resizing_survive_ResizeImages()
    {
        var ml = new MLContext();
        IDataView rows = InMemory([Image(0), Of(20, 20, (_, _) => [1, 2, 3]), Image(2), Image(3)]);
        IDataView data = ml.Transforms.ResizeImages("Image", Width, Height).Fit(rows).Transform(rows);
        for (int pass = 0; pass < 2; pass++)
        {
            using BatchSource source = Open(data);
            CollectionAssert.AreEqual(Planes(3), Bytes(source.Read(0).Single().Images("Image"))[^Planes(3).Length..]);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Cached_streamed_and_split_epochs_hold_the_same_images(bool shuffle)
    {
        const int Count = 200;
        string?[] names = [.. _folder.SaveMany(Count).Select((name, i) => i % 9 == 4 ? null : name)];
        IDataView data = _folder.Load(names);
        using BatchSource cached = Open(data, shuffle: shuffle, batchSize: 16), streamed = Open(data, shuffle: shuffle, batchSize: 16, budget: 0);
        Assert.IsTrue(cached.IsCached);
        Assert.IsGreaterThanOrEqualTo(Count * (3L * Height * Width + 1), cached.CachedBytes);
        Assert.IsFalse(streamed.IsCached);
        (BatchSource cachedTraining, BatchSource cachedHeldOut) = cached.Split(new RowSplit(0.3, 1));
        (BatchSource streamedTraining, BatchSource streamedHeldOut) = streamed.Split(new RowSplit(0.3, 1));
        foreach ((BatchSource a, BatchSource b) in new[] { (cached, streamed), (cachedTraining, streamedTraining), (cachedHeldOut, streamedHeldOut) })
        {
            for (int epoch = 0; epoch < 2; epoch++)
            {
                List<(int Row, byte[] Pixels)> rows = Rows(a, epoch);
                List<(int Row, byte[] Pixels)> others = Rows(b, epoch);
                CollectionAssert.AreEqual(rows.Select(r => r.Row).ToArray(), others.Select(r => r.Row).ToArray());
                foreach ((int row, byte[] pixels) in rows.Concat(others))
                    CollectionAssert.AreEqual(row % 9 == 4 ? new byte[3 * Height * Width] : Planes(row), pixels, $"row {row}");
            }
        }
    }

    [TestMethod]
    public void Rows_without_an_image_are_missing_even_behind_ResizeImages()
    {
        string[] names = _folder.SaveMany(3);
        var missing = new List<bool>();
        using BatchSource source = Open(_folder.Load([null, names[1], "", names[2]]), visitor: row =>
        {
            missing.Add(row.IsMissing(0));
            Assert.IsNull(row.ImageError(0));
        });
        ImageRows images = source.Read(0).Single().Images("Image");
        CollectionAssert.AreEqual(new[] { false, true, false, true }, Present(images));
        CollectionAssert.AreEqual(new[] { true, false, true, false }, missing);
        CollectionAssert.AreEqual(new byte[3 * Height * Width].Concat(Planes(1)).Concat(new byte[3 * Height * Width]).Concat(Planes(2)).ToArray(), Bytes(images));
    }

    [TestMethod]
    public void An_unreadable_image_is_an_error_that_names_column_row_and_file()
    {
        string good = _folder.SaveMany(1)[0];
        foreach ((string bad, string reason) in new[]
        {
            (_folder.Save("damaged.png", 1, 2, 3), "Invalid input stream contents"),
            (_folder.Save("empty.png", []), "Invalid input stream contents"),
            ("absent.png", "Could not find file"),
        })
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => Open(_folder.Load([good, good, bad]))).Message;
            foreach (string part in new[] { "'Image'", "row 2", $"'{bad}'", reason })
                StringAssert.Contains(message, part);
        }
    }

    [TestMethod]
    public void An_unreadable_image_is_missing_when_that_is_asked_for_and_its_reason_is_told()
    {
        string[] names = _folder.SaveMany(2);
        string damaged = _folder.Save("damaged.png", 1, 2, 3);
        foreach (long budget in new[] { 1L << 30, 0 })
        {
            var errors = new List<string?>();
            using BatchSource source = Open(_folder.Load([names[0], damaged, "absent.png", null, names[1]]), s_lenient, budget: budget, visitor: row => errors.Add(row.ImageError(0)));
            ImageRows images = source.Read(0).Single().Images("Image");
            CollectionAssert.AreEqual(new[] { true, false, false, false, true }, Present(images));
            CollectionAssert.AreEqual(Planes(1), Bytes(images)[^Planes(1).Length..]);
            StringAssert.Contains(errors[1], "'damaged.png'");
            StringAssert.Contains(errors[2], "'absent.png'");
            CollectionAssert.AreEqual(new[] { true, false, false, true, true }, errors.Select(error => error is null).ToArray());
        }
    }

    [TestMethod]
    public void A_disposed_image_is_unreadable()
    {
        MLImage image = Image(0);
        image.Dispose();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Open(InMemory([image]))).Message, "row 0");
    }

    [TestMethod]
    public void An_image_of_another_size_is_refused_with_its_row_even_when_unreadable_ones_are_missing()
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() =>
            Open(InMemory([Image(0), Of(Height, Width, (_, _) => [0, 0, 0])]), s_lenient)).Message;
        foreach (string part in new[] { "'Image'", "row 1", "6 wide and 9 high", "9 wide and 6 high", "ResizeImages" })
            StringAssert.Contains(message, part);
    }

    [TestMethod]
    public void Images_of_unknown_size_and_other_types_are_refused_with_the_remedy()
    {
        var ml = new MLContext();
        IDataView paths = ml.Data.LoadFromEnumerable([new { Path = "" }]);
        IDataView loaded = ml.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.Image("Image").Bind(loaded.Schema)).Message, "ResizeImages");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.Image("Path").Bind(loaded.Schema)).Message, "LoadImages");
    }

    [TestMethod]
    public void What_is_transparent_shows_white()
    {
        // Colours are premultiplied: half-transparent mid red is (64, 0, 0, 128).
        MLImage[] images =
        [
            Of(Width, Height, (_, _) => [0, 0, 0], alpha: 0),
            Of(Width, Height, (_, _) => [64, 0, 0], alpha: 128),
            Of(Width, Height, (_, _) => [255, 0, 0], alpha: 128),
        ];
        using BatchSource memory = Open(InMemory(images));
        using BatchSource files = Open(_folder.Load([.. images.Select((image, i) => _folder.Save($"{i}.png", image))]));
        byte[] Plane(byte value) => [.. Enumerable.Repeat(value, Height * Width)];
        byte[] expected = [.. Plane(255), .. Plane(255), .. Plane(255), .. Plane(191), .. Plane(127), .. Plane(127), .. Plane(255), .. Plane(127), .. Plane(127)];
        CollectionAssert.AreEqual(expected, Bytes(memory.Read(0).Single().Images("Image")));
        // The last image's red exceeds its alpha, which no file can say.
        CollectionAssert.AreEqual(expected[..(6 * Height * Width)], Bytes(files.Read(0).Single().Images("Image"))[..(6 * Height * Width)]);
    }

    [TestMethod]
    public void What_ResizeImages_adds_by_padding_is_white()
    {
        string square = _folder.Save("square.png", Of(4, 4, (_, _) => [0, 0, 0]));
        var ml = new MLContext();
        IDataView loaded = _folder.Load([square], 4, 4);
        IDataView data = ml.Transforms.ResizeImages("Image", 8, 4, resizing: ImageResizingEstimator.ResizingKind.IsoPad).Fit(loaded).Transform(loaded);
        using BatchSource source = Open(data);
        byte[] row = Bytes(source.Read(0).Single().Images("Image"))[..8];
        CollectionAssert.AreEqual(new byte[] { 255, 255, 0, 0, 0, 0, 255, 255 }, row);
    }

    [TestMethod]
    public void A_slice_and_a_copy_on_a_device_hold_the_images_of_their_rows()
    {
        using BatchSource source = Open(_folder.Load([.. _folder.SaveMany(4), null]));
        TensorBatch batch = source.Read(0).Single();
        Assert.AreSame(batch, batch.To(CPU));
        ImageRows slice = batch.Slice(3, 2).Images("Image");
        CollectionAssert.AreEqual(new[] { true, false }, Present(slice));
        CollectionAssert.AreEqual(Planes(3).Concat(new byte[3 * Height * Width]).ToArray(), Bytes(slice));
        ImageRows elsewhere = batch.To(META).Images("Image");
        Assert.AreEqual((DeviceType.META, DeviceType.META), (elsewhere.Pixels.device_type, elsewhere.IsPresent.device_type));
    }

    [TestMethod]
    public void Reading_two_thousand_large_images_keeps_no_native_memory()
    {
        string large = _folder.Save("large.png", Of(8, 8, (_, _) => [1, 2, 3]));
        IDataView data = _folder.Load(Enumerable.Repeat(large, 2000), 256, 256);
        using var process = Process.GetCurrentProcess();
        long before = process.WorkingSet64, peak = 0;
        int row = 0;
        using BatchSource source = Open(data, budget: 0, visitor: _ =>
        {
            if (row++ % 200 == 0)
            {
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
            }
        });
        Assert.AreEqual(2000, source.RowCount);
        // Unfreed they would be 500 MiB.
        Assert.IsLessThan(150L << 20, peak - before);
    }

    private static BatchSource Open(
        IDataView data, BatchColumn[]? columns = null, bool shuffle = false, int batchSize = 256, long budget = 1 << 30, Action<RowReader>? visitor = null) =>
        BatchSource.Open(
            data,
            columns ?? s_columns,
            new BatchSourceOptions { Shuffle = shuffle, BatchSize = batchSize, MemoryBudgetBytes = budget },
            visitor is null ? null : new Visitor(visitor));

    private static IDataView InMemory(MLImage?[] images) =>
        new MLContext().Data.LoadFromEnumerable(images.Select((image, i) => new ImageRow { Image = image!, Number = i }).ToArray());

    private static byte[] Bytes(ImageRows images) => images.Pixels.contiguous().data<byte>().ToArray();

    private static bool[] Present(ImageRows images) => images.IsPresent.data<bool>().ToArray();

    private static List<(int Row, byte[] Pixels)> Rows(BatchSource source, int epoch)
    {
        var rows = new List<(int, byte[])>();
        foreach (TensorBatch batch in source.Read(epoch))
        {
            float[] numbers = batch["Number"].data<float>().ToArray();
            bool[] present = Present(batch.Images("Image"));
            byte[][] pixels = [.. Bytes(batch.Images("Image")).Chunk(3 * Height * Width)];
            for (int i = 0; i < batch.RowCount; i++)
            {
                Assert.AreEqual((int)numbers[i] % 9 != 4, present[i]);
                rows.Add(((int)numbers[i], pixels[i]));
            }
        }
        return rows;
    }

    private sealed class Visitor(Action<RowReader> visit) : IRowVisitor
    {
        public bool Visit(RowReader row)
        {
            visit(row);
            return true;
        }
    }

    private sealed class ImageRow
    {
        [ImageType(Height, Width)]
        public MLImage Image { get; set; } = null!;

        public float Number { get; set; }
    }
}
