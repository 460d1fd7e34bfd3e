using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Columns;

/// <summary>A temporary folder of images whose every pixel follows from the image's number.</summary>
internal sealed class ImageFolder : IDisposable
{
    public const int Height = 6;
    public const int Width = 9;

    private readonly string _path = Directory.CreateTempSubdirectory("mlnetext-images-").FullName;

    public static byte[] Pixel(int image, int x, int y) => [(byte)(7 * image + x), (byte)(11 * y + image), (byte)(200 - image)];

    /// <summary>Red, green and blue planes, as a batch holds them.</summary>
    public static byte[] Planes(int image) =>
        [.. from channel in Enumerable.Range(0, 3) from y in Enumerable.Range(0, Height) from x in Enumerable.Range(0, Width) select Pixel(image, x, y)[channel]];

    public static MLImage Image(int image, MLPixelFormat format = MLPixelFormat.Rgba32) => Of(Width, Height, (x, y) => Pixel(image, x, y), format);

    public static MLImage Of(int width, int height, Func<int, int, byte[]> rgb, MLPixelFormat format = MLPixelFormat.Rgba32, byte alpha = 255)
    {
        var pixels = new List<byte>();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                byte[] color = rgb(x, y);
                pixels.AddRange(format == MLPixelFormat.Rgba32 ? color : color.Reverse());
                pixels.Add(alpha);
            }
        }
        return MLImage.CreateFromPixels(width, height, format, pixels.ToArray());
    }

    /// <summary>Writes a PNG and gives its name.</summary>
    public string Save(string name, MLImage image)
    {
        using (image)
            image.Save(Path.Combine(_path, name));
        return name;
    }

    public string Save(string name, params byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(_path, name), bytes);
        return name;
    }

    public string[] SaveMany(int count) => [.. Enumerable.Range(0, count).Select(i => Save($"{i}.png", Image(i)))];

    /// <summary>Rows with a column "Image" of the files, loaded and brought to one size, and a column "Number".</summary>
    public IDataView Load(IEnumerable<string?> names, int width = Width, int height = Height)
    {
        var ml = new MLContext(seed: 1);
        IDataView paths = ml.Data.LoadFromEnumerable(names.Select((name, i) => new FileRow { Path = name!, Number = i }).ToArray());
        return ml.Transforms.LoadImages("Image", _path, "Path")
            .Append(ml.Transforms.ResizeImages("Image", width, height))
            .Fit(paths).Transform(paths);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private sealed class FileRow
    {
        public string Path { get; set; } = "";

        public float Number { get; set; }
    }
}
