using MLNetExt.Columns;

namespace MLNetExt.Masking;

/// <summary>What a saved <see cref="TokenDroppingTransformer"/> has in its header, its table being a stream beside it. It checks itself, as a model's numbers may be anybody's.</summary>
internal sealed record TokenDroppingState
{
    public TokenDroppingState(
        string outputColumnName, string maskColumnName, string inputColumnName, DropScoring scoring, DropRule rule, long epoch, int[]? pinnedIds, int[]? deniedIds)
    {
        ColumnNames.Check(
            inputColumnName, (nameof(TokenDroppingOptions.OutputColumnName), outputColumnName), (nameof(TokenDroppingOptions.MaskColumnName), maskColumnName));
        if (!Enum.IsDefined(scoring))
            throw new ArgumentOutOfRangeException(nameof(scoring), scoring, $"{nameof(TokenDroppingOptions.Scoring)} must be one of its values.");
        (rule with { PinnedIds = pinnedIds ?? [], DeniedIds = deniedIds ?? [] }).Validate();
        (OutputColumnName, MaskColumnName, InputColumnName, Scoring) = (outputColumnName, maskColumnName, inputColumnName, scoring);
        (Rule, Epoch, PinnedIds, DeniedIds) = (rule, epoch, pinnedIds, deniedIds);
    }

    public string OutputColumnName { get; }

    public string MaskColumnName { get; }

    public string InputColumnName { get; }

    public DropScoring Scoring { get; }

    public DropRule Rule { get; }

    public long Epoch { get; }

    public int[]? PinnedIds { get; }

    public int[]? DeniedIds { get; }

    /// <summary>The options that only a tokenizer can stand in for.</summary>
    public IEnumerable<string> Missing()
    {
        if (PinnedIds is null)
            yield return nameof(TokenDroppingOptions.PinnedIds);
        if (DeniedIds is null)
            yield return nameof(TokenDroppingOptions.DeniedIds);
    }

    /// <summary>The rule with the ids of the options, and for the rest those of a token column.</summary>
    /// <exception cref="ArgumentException">An id is pinned and denied.</exception>
    public DropPolicy Policy(TokenColumnInfo? tokens)
    {
        DropRule ofColumn = tokens is null ? new DropRule() : DropRule.Of(tokens);
        return new DropPolicy(Rule with { PinnedIds = PinnedIds ?? ofColumn.PinnedIds, DeniedIds = DeniedIds ?? ofColumn.DeniedIds });
    }
}
