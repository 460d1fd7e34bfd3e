namespace MLNetExt.Networks;

/// <summary>What is written with a network's weights.</summary>
internal sealed record ModelSaveOptions
{
    /// <summary>The most bytes of weights in one file; more are spread over shards. A single larger weight has a shard of its own.</summary>
    public long MaxShardBytes { get; init; } = 5_000_000_000;

    /// <summary>The tokenizer's files, each the text by its name, one of <see cref="ModelFiles.OfTokenizer"/>; none by default.</summary>
    public IReadOnlyDictionary<string, string> Tokenizer { get; init; } = new Dictionary<string, string>();

    /// <summary>The id of padding; null for none.</summary>
    public int? PadId { get; init; }

    /// <summary>The id that begins a text; null for none.</summary>
    public int? BeginId { get; init; }

    /// <summary>The ids that end one; none by default.</summary>
    public IReadOnlyList<int> EndIds { get; init; } = [];
}
