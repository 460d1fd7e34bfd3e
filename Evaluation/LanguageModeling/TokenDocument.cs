namespace MLNetExt.Evaluation;

/// <summary>One row of documents.</summary>
/// <param name="Row">The row, counted from 0.</param>
/// <param name="Tokens">Its ids.</param>
/// <param name="LossMask">One value a token, 0 where dropped; null when no mask is read.</param>
/// <param name="Text">Its text; null when none is read.</param>
internal sealed record TokenDocument(long Row, int[] Tokens, float[]? LossMask, string? Text);
