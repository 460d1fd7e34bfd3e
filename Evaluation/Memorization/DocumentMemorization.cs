namespace MLNetExt.Evaluation;

/// <summary>How much of one document a model recited.</summary>
/// <param name="Row">The document's row, counted from 0.</param>
/// <param name="Greedy">The most likely token at each step, next to the document's.</param>
/// <param name="Beam">What beam search found, next to the document's; null without <see cref="MemorizationOptions.Beams"/>.</param>
/// <param name="DroppedTokens">Which tokens of the suffix the loss mask dropped; null without <see cref="MemorizationOptions.LossMaskColumnName"/>.</param>
public sealed record DocumentMemorization(long Row, SuffixContinuation Greedy, SuffixContinuation? Beam, IReadOnlyList<bool>? DroppedTokens);
