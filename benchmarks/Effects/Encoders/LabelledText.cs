namespace MLNetExt.Benchmarks;

/// <summary>A text and its class.</summary>
internal sealed class LabelledText
{
    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}
