namespace MLNetExt.Tests.Tokenization;

/// <summary>Two texts.</summary>
public sealed class TextPairRow
{
    public string? Question { get; set; }

    public string? Answer { get; set; }
}
