using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>fashion_mnist_15k: 10,000 grey images of clothes to learn from, 2,000 to validate, 3,000 to test, each with a caption that names its class.</summary>
/// <param name="Train">The training part.</param>
/// <param name="Validation">The validation part.</param>
/// <param name="Test">The test part, its label with the key values of <paramref name="Classes"/>.</param>
/// <param name="Classes">The classes' names.</param>
internal sealed record FashionData(IDataView Train, IDataView Validation, IDataView Test, string[] Classes)
{
    /// <summary>How a caption names its class.</summary>
    public const string Prompt = "a photo of a {0}";

    private const string Folder = "fashion_mnist_15k";

    /// <summary>Reads the data; null when they are not there.</summary>
    public static FashionData? Read(MLContext context)
    {
        if (Repository.SharedData(Folder) is not { } folder)
            return null;
        string[] classes = [.. File.ReadLines(Path.Combine(folder, "classes.txt")).Where(line => line.Length > 0).Select(line => line.ToLowerInvariant())];
        IDataView Part(string name)
        {
            IDataView view = context.Data.LoadFromEnumerable(ReadPart(folder, name, classes));
            return ClassName.MapToKey(context, classes, nameof(CaptionedImage.Class)).Fit(view).Transform(view);
        }

        return new FashionData(Part("train"), Part("valid"), Part("test"), classes);
    }

    private static CaptionedImage[] ReadPart(string folder, string part, string[] classes)
    {
        byte[] pixels = Unzip(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz")), labels = Unzip(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
        int count = BinaryPrimitives.ReadInt32BigEndian(labels.AsSpan(4));
        const int Size = CaptionedImage.Side * CaptionedImage.Side;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            string name = classes[labels[8 + i]];
            return new CaptionedImage
            {
                Image = Grey(pixels.AsSpan(16 + i * Size, Size)),
                Class = name,
                Caption = Prompt.Replace("{0}", name, StringComparison.Ordinal),
            };
        })];
    }

    private static MLImage Grey(ReadOnlySpan<byte> pixels)
    {
        var colours = new byte[4 * pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            colours.AsSpan(4 * i, 3).Fill(pixels[i]);
            colours[4 * i + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(CaptionedImage.Side, CaptionedImage.Side, MLPixelFormat.Bgra32, colours);
    }

    private static byte[] Unzip(string path)
    {
        using var zipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        zipped.CopyTo(memory);
        return memory.ToArray();
    }
}
