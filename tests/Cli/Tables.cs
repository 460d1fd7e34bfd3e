using System.Globalization;

namespace MLNetExt.Tests.Cli;

/// <summary>Small tables whose classes can be told apart.</summary>
internal static class Tables
{
    private static readonly string[] s_names = ["iris", "lily", "rose"];

    /// <summary>Rows "length, width, class" around one centre a class.</summary>
    public static IEnumerable<(double Length, double Width, string Label)> Flowers(int rows, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < rows; i++)
        {
            int c = i % 3;
            yield return (2 * c + random.NextDouble(), 5 - 2 * c + random.NextDouble(), s_names[c]);
        }
    }

    public static IEnumerable<string> FlowerLines(int rows, char separator = ',', int seed = 1) =>
    [
        string.Join(separator, "length", "width", "label"),
        .. Flowers(rows, seed).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Length:F3}{separator}{f.Width:F3}{separator}{f.Label}")),
    ];

    public static string Letter { get; } = Path.Combine(AppContext.BaseDirectory, "data", "letter.csv");

    /// <summary>The header of letter.csv and some of its rows, with training and test rows among them.</summary>
    public static IEnumerable<string> LetterLines(int every) => File.ReadLines(Letter).Where((_, i) => i % every == 0);
}
