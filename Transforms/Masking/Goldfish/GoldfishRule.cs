namespace MLNetExt.Masking;

/// <summary>What decides a goldfish mask, besides the tokens: Hans et al., "Be like a Goldfish, Don't Memorize!" (arXiv 2406.10209).</summary>
public sealed record GoldfishRule
{
    /// <summary>The seed of the paper's published table, a prime and the 47th Fibonacci number.</summary>
    public const long DefaultSeed = 2971215073;

    /// <summary>How tokens are chosen.</summary>
    public GoldfishStrategy Strategy
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Strategy), value, $"{nameof(Strategy)} must be one of the strategies.");
    }

    /// <summary>One of this many tokens is dropped; at least 1, which drops every one that can be. Public transforms ask for at least 2.</summary>
    public int K { get; init => field = AtLeast(1, value, nameof(K)); } = 4;

    /// <summary>The tokens of a window that is hashed; at least 1.</summary>
    public int H { get; init => field = AtLeast(1, value, nameof(H)); } = 13;

    /// <summary>Whether the window ends with the token that is dropped, as in the published program. Otherwise it ends before it, as in the paper's text:
    /// then no continuation of the window is learned.</summary>
    public bool IncludeTarget { get; init; } = true;

    /// <summary>The seed of the hash or of the random numbers; of the reference's table its lowest 32 bits.</summary>
    public long Seed { get; init; } = DefaultSeed;

    /// <summary>The first target that <see cref="GoldfishStrategy.Static"/> drops, from 0.</summary>
    public int Start { get; init => field = AtLeast(0, value, nameof(Start)); }

    /// <summary>Ids that are never dropped, such as those of special tokens. They count in windows as others do.</summary>
    public IReadOnlyList<int> ExemptIds { get; init => field = value ?? throw new ArgumentNullException(nameof(ExemptIds)); } = [];

    /// <summary>The id of padding: <see cref="GoldfishStrategy.Hash"/> does not hash windows that hold it, and does not drop it. The reference's hash takes it as any other.</summary>
    public int? IgnoreId { get; init; }

    /// <summary>The id of the token that ends a document, when rows hold several: windows do not reach across it.</summary>
    public int? EndOfDocumentId { get; init; }

    /// <summary>Whether the first token of a row is a target as the others are, because the row goes on from another. Otherwise no window
    /// holds it as a target, and the first token that can be dropped is the one at place h.</summary>
    public bool FirstIsTarget { get; init; }

    internal bool IsHashed => Strategy is GoldfishStrategy.Hash or GoldfishStrategy.ReferenceHash;

    private static int AtLeast(int least, int value, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
