namespace MLNetExt.Tests.Tokenization;

/// <summary>A row of text.</summary>
public sealed class TextRow
{
    public string? Text { get; set; }
}
