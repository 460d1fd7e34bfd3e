using MLNetExt.Columns;

namespace MLNetExt.Masking;

/// <summary>What masking has to know of a vocabulary.</summary>
/// <param name="Size">How many tokens there are: ids lie in <c>[0, Size)</c>.</param>
/// <param name="MaskId">The id that stands for a masked token.</param>
public sealed record MaskVocabulary(int Size, int MaskId)
{
    /// <summary>The role of the mask among a tokenizer's special tokens.</summary>
    public const string MaskRole = "mask";

    /// <summary>How many tokens there are.</summary>
    public int Size { get; } = TokenIds.CheckedSize(Size, nameof(Size));

    /// <summary>The id that stands for a masked token.</summary>
    public int MaskId { get; } = MaskId >= 0 && MaskId < Size
        ? MaskId : throw new ArgumentOutOfRangeException(nameof(MaskId), MaskId, $"{nameof(MaskId)} must lie in the vocabulary, whose ids are in [0, {Size}).");

    /// <summary>The ids that are never predicted, and never stand in for another; the mask need not be among them.</summary>
    public IReadOnlyList<int> SpecialIds { get; init => field = TokenIds.Checked(value, nameof(SpecialIds)); } = [];

    /// <summary>The ids of pieces that go on with a word; needed for <see cref="MaskRule.WholeWords"/> alone.</summary>
    public IReadOnlyList<int> ContinuationIds { get; init => field = TokenIds.Checked(value, nameof(ContinuationIds)); } = [];

    /// <summary>Reads it from what a token column says of its tokenizer: all of its special tokens, unknown ones too, are special here.</summary>
    /// <param name="tokens">The tokenizer.</param>
    /// <param name="wholeWords">Whether to look for the pieces that go on with a word.</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask, or no such pieces although they are asked for.</exception>
    public static MaskVocabulary Of(TokenColumnInfo tokens, bool wholeWords = false)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (!tokens.SpecialTokens.TryGetValue(MaskRole, out int maskId))
            throw new ArgumentException(
                $"The tokenizer has no special token with the role '{MaskRole}'; it has {string.Join(", ", tokens.SpecialTokens.Keys.Select(role => $"'{role}'"))}. "
                + "Use a tokenizer that has one, such as that of Text.TokenizeWordPieces, or name the id.", nameof(tokens));
        return new MaskVocabulary(tokens.VocabularySize, maskId)
        {
            SpecialIds = [.. tokens.SpecialTokens.Values],
            ContinuationIds = wholeWords ? ContinuationPieces.Of(tokens) : [],
        };
    }
}
