namespace MLNetExt.Benchmarks;

/// <summary>A picture of the Open Clip Art Library: its file, its category, and its title and keywords as a caption.</summary>
internal sealed class Clipart
{
    public required string File { get; init; }

    public required string Split { get; init; }

    public required string Category { get; init; }

    public required string Caption { get; init; }

    /// <summary>Reads captions.tsv: file, split, category, subcategory, title, keywords and more, tab-separated, without quotes.</summary>
    public static IReadOnlyList<Clipart> Read(string path) => [.. System.IO.File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Select(cells => new Clipart
    {
        File = cells[0],
        Split = cells[1],
        Category = cells[2].Replace('_', ' '),
        Caption = string.Join(", ", cells[5].Split(';', StringSplitOptions.RemoveEmptyEntries).Prepend(cells[4])),
    })];
}
