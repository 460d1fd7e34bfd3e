using Microsoft.ML.SearchSpace;

namespace MLNetExt.Masking;

/// <summary>The options of <see cref="MaskTokensEstimator"/>. Fit reads them and never changes them.</summary>
public sealed class MaskTokensOptions
{
    /// <summary>The tokens to add that a model reads: a vector of Int32 as long as the tokens, with the annotations of the column that is read.</summary>
    public string OutputColumnName { get; set; } = "MaskedTokens";

    /// <summary>The labels to add: a vector of Int32 as long as the tokens, the token itself where it is predicted and <see cref="MaskPolicy.Ignored"/> elsewhere.</summary>
    public string LabelColumnName { get; set; } = "MaskLabels";

    /// <summary>The weights to add: a vector of Single as long as the tokens, 1 where one is predicted and 0 elsewhere. Null for none.</summary>
    public string? WeightColumnName { get; set; }

    /// <summary>The token column to read: a vector of Int32.</summary>
    public string InputColumnName { get; set; } = "Tokens";

    /// <inheritdoc cref="MaskRule.Rate"/>
    [Range(0.05, 0.5, 0.15)]
    public double Rate { get; set; } = 0.15;

    /// <inheritdoc cref="MaskRule.MaskShare"/>
    public double MaskShare { get; set; } = 0.8;

    /// <inheritdoc cref="MaskRule.RandomShare"/>
    public double RandomShare { get; set; } = 0.1;

    /// <inheritdoc cref="MaskRule.WholeWords"/>
    public bool WholeWords { get; set; }

    /// <summary>The epoch: another one is another corruption.</summary>
    public long Epoch { get; set; }

    /// <inheritdoc cref="MaskRule.Seed"/>
    public long Seed { get; set; }

    /// <summary>How many tokens there are; null for what the column's annotations say.</summary>
    public int? VocabularySize { get; set; }

    /// <summary>The id that stands for a masked token; null for the special token with the role <c>mask</c> in the column's annotations.</summary>
    public int? MaskId { get; set; }

    /// <summary>The ids that are never predicted, and never stand in for another; null for all special tokens in the column's annotations.</summary>
    public int[]? SpecialIds { get; set; }

    /// <summary>The ids of pieces that go on with a word, for <see cref="WholeWords"/>; null for those that the tokenizer in the column's annotations marks, as WordPiece does with ##.</summary>
    public int[]? ContinuationIds { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal MaskTokensState ToState() => new(
        OutputColumnName,
        LabelColumnName,
        WeightColumnName,
        InputColumnName,
        new MaskRule { Rate = Rate, MaskShare = MaskShare, RandomShare = RandomShare, WholeWords = WholeWords, Seed = Seed },
        Epoch,
        VocabularySize,
        MaskId,
        SpecialIds is null ? null : [.. SpecialIds],
        ContinuationIds is null ? null : [.. ContinuationIds]);
}
