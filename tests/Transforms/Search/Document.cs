using Microsoft.ML.Data;

namespace MLNetExt.Tests.Search;

/// <summary>A row of an index.</summary>
public sealed class Document
{
    public const int Dimension = 6;

    public string Name { get; set; } = "";

    public long Number { get; set; }

    [VectorType(Dimension)]
    public float[] Embedding { get; set; } = [];

    [VectorType]
    public float[] Unsized { get; set; } = [];

    public DateTime Date { get; set; }

    /// <summary>Random rows, every third like the one before it.</summary>
    public static Document[] Some(int rows, int seed)
    {
        var random = new Random(seed);
        float[] embedding = [];
        return [.. Enumerable.Range(0, rows).Select(i => new Document
        {
            Name = $"document {i}",
            Number = i * 1_000_000_007L,
            Embedding = embedding = i % 3 == 2 ? embedding : [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)],
        })];
    }
}
