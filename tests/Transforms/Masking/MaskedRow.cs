namespace MLNetExt.Tests.Masking;

/// <summary>Tokens and the document of each.</summary>
public sealed class MaskedRow
{
    public int[] Tokens { get; set; } = [];

    public int[] Documents { get; set; } = [];

    /// <summary>Rows of 0 to 59 tokens, of one to three documents each.</summary>
    public static MaskedRow[] Some(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int length = i % 7 == 0 ? i % 2 : random.Next(60);
            return new MaskedRow
            {
                Tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(500))],
                Documents = [.. Enumerable.Range(0, length).Select(t => t / 25)],
            };
        })];
    }
}
