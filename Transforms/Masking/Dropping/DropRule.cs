using MLNetExt.Columns;

namespace MLNetExt.Masking;

/// <summary>How many tokens of a row go through the middle layers of an encoder, and which ones do in any case: Hou et al., "Token Dropping for Efficient BERT
/// Pretraining" (arXiv 2203.13240).</summary>
public sealed record DropRule
{
    /// <summary>The role of padding among a tokenizer's special tokens.</summary>
    public const string PadRole = "pad";

    /// <summary>The share of a row's tokens that is kept, padding counted, rounded up; in (0, 1]. <see cref="KeepCount"/> goes before it.</summary>
    public double KeepRatio
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(KeepRatio), value, $"{nameof(KeepRatio)} must lie in (0, 1].");
    } = 0.5;

    /// <summary>How many tokens of a row are kept, or all when it has fewer; at least 0. Null for <see cref="KeepRatio"/>.</summary>
    public int? KeepCount
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(KeepCount), value, $"{nameof(KeepCount)} must be at least 0, or null.");
    }

    /// <summary>The ids that are kept before all others, whatever they score, such as those of special tokens.</summary>
    public IReadOnlyList<int> PinnedIds { get; init => field = TokenIds.Checked(value, nameof(PinnedIds)); } = [];

    /// <summary>The ids that are dropped before all others, whatever they score, such as that of padding.</summary>
    public IReadOnlyList<int> DeniedIds { get; init => field = TokenIds.Checked(value, nameof(DeniedIds)); } = [];

    /// <summary>What happens when a row has more pinned tokens than are to be kept, as short rows have. Null for <see cref="PinnedOverflow.KeepMore"/> when
    /// <see cref="KeepRatio"/> decides, and <see cref="PinnedOverflow.Refuse"/> when <see cref="KeepCount"/> does.</summary>
    public PinnedOverflow? PinnedOverflow
    {
        get;
        init => field = value is null || Enum.IsDefined(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(PinnedOverflow), value, $"{nameof(PinnedOverflow)} must be one of its values, or null.");
    }

    /// <summary>Whether places come in ascending order, as in ScTD (arXiv 2305.15273). Otherwise they go from the highest score to the lowest.</summary>
    public bool SortByPosition { get; init; }

    /// <summary>The seed of random scores.</summary>
    public long Seed { get; init; }

    /// <summary>The rule that pins all special tokens of a tokenizer but padding, and denies that.</summary>
    public static DropRule Of(TokenColumnInfo tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new DropRule
        {
            PinnedIds = [.. tokens.SpecialTokens.Where(token => token.Key != PadRole).Select(token => token.Value)],
            DeniedIds = tokens.SpecialTokens.TryGetValue(PadRole, out int pad) ? [pad] : [],
        };
    }

    internal PinnedOverflow Overflow => PinnedOverflow ?? (KeepCount is null ? Masking.PinnedOverflow.KeepMore : Masking.PinnedOverflow.Refuse);

    /// <exception cref="ArgumentException">An id is pinned and denied.</exception>
    internal DropRule Validate()
    {
        foreach (int id in PinnedIds)
        {
            if (DeniedIds.Contains(id))
                throw new ArgumentException($"The id {id} is in {nameof(PinnedIds)} and in {nameof(DeniedIds)}.", nameof(PinnedIds));
        }
        return this;
    }
}
