namespace MLNetExt.Evaluation;

/// <summary>What two models made of a prompt, and what the judge said.</summary>
/// <param name="Row">The prompt's row, counted from 0.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="A">The continuation by model A.</param>
/// <param name="B">The continuation by model B.</param>
/// <param name="Verdicts">The judge's verdicts; null when the continuations are equal and it was not asked.</param>
public sealed record PromptComparison(long Row, string Prompt, string A, string B, BothOrders? Verdicts);
