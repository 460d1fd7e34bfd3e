namespace MLNetExt.Tests.Chunking;

/// <summary>A document: tokens, what belongs to them, and a title.</summary>
public sealed class DocumentRow
{
    public int[] Tokens { get; set; } = [];

    public float[] LossMask { get; set; } = [];

    public bool[] Flags { get; set; } = [];

    public string Title { get; set; } = "";

    /// <summary>Documents of the given lengths, with ids that count up over all of them and aligned values that belong to the ids.</summary>
    public static DocumentRow[] OfLengths(params int[] lengths)
    {
        int next = 0;
        return [.. lengths.Select((length, i) =>
        {
            int[] ids = [.. Enumerable.Range(next, length)];
            next += length;
            return new DocumentRow { Tokens = ids, LossMask = [.. ids.Select(id => id + 0.5f)], Flags = [.. ids.Select(id => id % 3 == 0)], Title = $"Document {i}" };
        })];
    }
}
