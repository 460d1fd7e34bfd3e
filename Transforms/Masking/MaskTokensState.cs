using MLNetExt.Columns;

namespace MLNetExt.Masking;

/// <summary>What a saved <see cref="MaskTokensTransformer"/> has in its header. It checks itself, as a model's numbers may be anybody's.</summary>
internal sealed record MaskTokensState
{
    public MaskTokensState(
        string outputColumnName,
        string labelColumnName,
        string? weightColumnName,
        string inputColumnName,
        MaskRule rule,
        long epoch,
        int? vocabularySize,
        int? maskId,
        int[]? specialIds,
        int[]? continuationIds)
    {
        (string, string?)[] added = [(nameof(MaskTokensOptions.OutputColumnName), outputColumnName), (nameof(MaskTokensOptions.LabelColumnName), labelColumnName)];
        ColumnNames.Check(inputColumnName, weightColumnName is null ? added : [.. added, (nameof(MaskTokensOptions.WeightColumnName), weightColumnName)]);
        if (vocabularySize is { } size)
            TokenIds.CheckedSize(size, nameof(MaskTokensOptions.VocabularySize));
        TokenIds.Checked(maskId is { } id ? [id] : [], nameof(MaskTokensOptions.MaskId));
        TokenIds.Checked(specialIds ?? [], nameof(MaskTokensOptions.SpecialIds));
        TokenIds.Checked(continuationIds ?? [], nameof(MaskTokensOptions.ContinuationIds));
        (OutputColumnName, LabelColumnName, WeightColumnName, InputColumnName) = (outputColumnName, labelColumnName, weightColumnName, inputColumnName);
        (Rule, Epoch, VocabularySize, MaskId, SpecialIds, ContinuationIds) = (rule.Validate(), epoch, vocabularySize, maskId, specialIds, continuationIds);
    }

    public string OutputColumnName { get; }

    public string LabelColumnName { get; }

    public string? WeightColumnName { get; }

    public string InputColumnName { get; }

    public MaskRule Rule { get; }

    public long Epoch { get; }

    public int? VocabularySize { get; }

    public int? MaskId { get; }

    public int[]? SpecialIds { get; }

    public int[]? ContinuationIds { get; }

    /// <summary>The options that only a tokenizer can stand in for.</summary>
    public IEnumerable<string> Missing()
    {
        if (VocabularySize is null)
            yield return nameof(MaskTokensOptions.VocabularySize);
        if (MaskId is null)
            yield return nameof(MaskTokensOptions.MaskId);
        if (SpecialIds is null)
            yield return nameof(MaskTokensOptions.SpecialIds);
        if (Rule.WholeWords && ContinuationIds is null)
            yield return nameof(MaskTokensOptions.ContinuationIds);
    }

    /// <summary>What the options say of the vocabulary, and for the rest what a token column does.</summary>
    /// <exception cref="ArgumentException">Neither does, or they do not go together.</exception>
    public MaskVocabulary Vocabulary(TokenColumnInfo? tokens) => new(VocabularySize ?? tokens!.VocabularySize, MaskId ?? MaskVocabulary.Of(tokens!).MaskId)
    {
        SpecialIds = SpecialIds ?? [.. tokens!.SpecialTokens.Values],
        ContinuationIds = !Rule.WholeWords ? [] : ContinuationIds ?? ContinuationPieces.Of(tokens!),
    };
}
