namespace MLNetExt.Benchmarks;

/// <summary>A text by itself, from which a featurizer or a tokenizer learns.</summary>
internal sealed class Response
{
    public string Text { get; set; } = "";
}
