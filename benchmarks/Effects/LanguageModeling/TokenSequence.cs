namespace MLNetExt.Benchmarks;

/// <summary>A row of token ids, and their text.</summary>
internal sealed class TokenSequence
{
    public int[] Tokens { get; init; } = [];

    public string Text { get; init; } = "";
}
