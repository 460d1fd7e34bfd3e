using System.Globalization;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Cli;

/// <summary>Small pictures of a coloured square on grey, and a table of them with words and numbers that say which colour.</summary>
internal static class ColoredSquares
{
    public const string Header = "file,split,color,words,red,green,blue";
    private const int Size = 12;

    private static readonly (string Name, byte Red, byte Green, byte Blue)[] s_colors =
        [("red", 220, 30, 30), ("green", 30, 200, 40), ("blue", 40, 40, 220), ("yellow", 230, 220, 40), ("black", 15, 15, 15), ("white", 240, 240, 240)];

    public static IReadOnlyList<string> Names { get; } = [.. s_colors.Select(c => c.Name)];

    /// <summary>Writes <c>squares.csv</c> and, beside it, the pictures in a folder <c>images</c>.</summary>
    /// <returns>The table's path.</returns>
    public static string Write(Workplace place, int rows)
    {
        Directory.CreateDirectory(place["images"]);
        return place.Write("squares.csv", [Header, .. Enumerable.Range(0, rows).Select(i => WriteRow(place, i))]);
    }

    private static string WriteRow(Workplace place, int row)
    {
        (string name, byte red, byte green, byte blue) = s_colors[row % s_colors.Length];
        string file = string.Create(CultureInfo.InvariantCulture, $"images/{row}.png");
        byte[] pixels = [.. Enumerable.Range(0, Size * Size).SelectMany(p =>
            IsInside(p % Size) && IsInside(p / Size) ? new byte[] { red, green, (byte)(blue - (row + p) % 10), 255 } : [128, 128, 128, 255])];
        using (var image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels))
            image.Save(place[file]);
        string split = (row / s_colors.Length % 4) switch { 0 => "test", 1 => "valid", _ => "train" };
        string words = row / 24 % 2 == 0 ? $"a {name} square" : $"{name} paper";
        return string.Create(CultureInfo.InvariantCulture, $"{file},{split},{name},{words},{red + row % 5},{green},{blue}");
    }

    private static bool IsInside(int position) => position is >= Size / 4 and < 3 * Size / 4;

    /// <summary>A row as a model of files, words and colours reads it.</summary>
    public sealed class Row
    {
        [ColumnName("file")]
        public string File { get; set; } = "";

        [ColumnName("words")]
        public string Words { get; set; } = "";

        [ColumnName("color")]
        public string Color { get; set; } = "";
    }
}
