namespace MLNetExt.Cli.Data;

/// <summary>A text, or a pair of texts, and its class.</summary>
internal sealed class LabelledText
{
    public string Text { get; set; } = "";

    /// <summary>The second text; empty for a single one.</summary>
    public string Second { get; set; } = "";

    /// <summary>The class; empty when it is missing.</summary>
    public string Label { get; set; } = "";
}
