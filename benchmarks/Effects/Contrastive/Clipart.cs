namespace MLNetExt.Benchmarks;

/// <summary>A picture of the Open Clip Art Library: its file, its category, and its title and keywords as a caption.</summary>
internal sealed record Clipart(string File, string Split, string Category, string Title, string[] Keywords, string Caption)
{
    /// <summary>Reads captions.tsv: file, split, category, subcategory, title, keywords and more, tab-separated, without quotes.</summary>
    public static IReadOnlyList<Clipart> Read(string path) => [.. System.IO.File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Select(cells =>
    {
        string[] keywords = cells[5].Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new Clipart(cells[0], cells[1], cells[2].Replace('_', ' '), cells[4], keywords, string.Join(", ", keywords.Prepend(cells[4])));
    })];

    /// <summary>The picture with its caption, and once more with each of its keywords alone, so that the text tower meets words such as prompts consist of.</summary>
    public IEnumerable<Clipart> WithKeywords() => Keywords.Select(keyword => this with { Caption = keyword }).Prepend(this);
}
