namespace MLNetExt.Evaluation;

/// <summary>What becomes of a document's first token, which has none before it to be predicted from.</summary>
public enum FirstTokenPolicy
{
    /// <summary>It is predicted from a start token: <see cref="PerplexityOptions.StartTokenId"/>, or else the tokenizer's <c>bos</c> or <c>eos</c>.</summary>
    FromStartToken,

    /// <summary>It is not scored, and <see cref="PerplexityMetrics.FirstTokensNotScored"/> says how many were not.</summary>
    LeaveOut,
}
