using Microsoft.ML.SearchSpace;

namespace MLNetExt.Masking;

/// <summary>The options of <see cref="GoldfishMaskEstimator"/>. Fit reads them and never changes them.</summary>
public sealed class GoldfishMaskOptions
{
    /// <summary>The mask to add: a vector of Single as long as the tokens.</summary>
    public string OutputColumnName { get; set; } = "LossMask";

    /// <summary>The token column to read: a vector of Int32.</summary>
    public string InputColumnName { get; set; } = "Tokens";

    /// <summary>The document of each token, where rows hold several: a vector of Int32, Int64 or keys as long as the tokens, such as the one that
    /// <c>ChunkTokens</c> adds. Null when a row is one document, or when <see cref="EndOfDocumentId"/> tells.</summary>
    public string? DocumentColumnName { get; set; }

    /// <summary>How tokens are chosen.</summary>
    public GoldfishStrategy Strategy { get; set; } = GoldfishStrategy.Hash;

    /// <summary>One of this many tokens is dropped; at least 2.</summary>
    [Range(2, 32, 4, true)]
    public int K { get; set; } = 4;

    /// <summary>The tokens of a window that is hashed; at least 1. The first <c>H - 1</c> targets of a document are never dropped.</summary>
    [Range(1, 50, 13)]
    public int H { get; set; } = 13;

    /// <inheritdoc cref="GoldfishRule.IncludeTarget"/>
    [BooleanChoice(true)]
    public bool IncludeTarget { get; set; } = true;

    /// <inheritdoc cref="GoldfishRule.Seed"/>
    public long Seed { get; set; } = GoldfishRule.DefaultSeed;

    /// <inheritdoc cref="GoldfishRule.Start"/>
    public int Start { get; set; }

    /// <inheritdoc cref="GoldfishRule.ExemptIds"/>
    public int[] ExemptIds { get; set; } = [];

    /// <summary>Whether the special tokens that the column's annotations name are never dropped, besides <see cref="ExemptIds"/>.</summary>
    public bool ExemptSpecialTokens { get; set; }

    /// <inheritdoc cref="GoldfishRule.IgnoreId"/>
    public int? IgnoreId { get; set; }

    /// <inheritdoc cref="GoldfishRule.EndOfDocumentId"/>
    public int? EndOfDocumentId { get; set; }

    /// <inheritdoc cref="GoldfishRule.FirstIsTarget"/>
    public bool FirstIsTarget { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal GoldfishMaskState ToState()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(OutputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(InputColumnName);
        if (DocumentColumnName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(DocumentColumnName);
        var rule = new GoldfishRule
        {
            Strategy = Strategy,
            K = K,
            H = H,
            IncludeTarget = IncludeTarget,
            Seed = Seed,
            Start = Start,
            ExemptIds = ExemptIds is null ? null! : [.. ExemptIds],
            IgnoreId = IgnoreId,
            EndOfDocumentId = EndOfDocumentId,
            FirstIsTarget = FirstIsTarget,
        };
        return new GoldfishMaskState(OutputColumnName, InputColumnName, DocumentColumnName, ExemptSpecialTokens, rule);
    }
}
