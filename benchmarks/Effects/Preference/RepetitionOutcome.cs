namespace MLNetExt.Benchmarks;

/// <summary>How a model goes on with prompts of held-out licences.</summary>
/// <param name="Repetition">rep@8 of characters, the mean over the prompts.</param>
/// <param name="RepeatingShare">The share of completions in which any eight characters come twice.</param>
/// <param name="F1">Unigram F1 against how the licences go on.</param>
/// <param name="Perplexity">Of held-out passages, a character.</param>
/// <param name="FirstGate">The mean of the gate in the first steps, for the pairwise Cringe loss; otherwise NaN.</param>
/// <param name="LastGate">That of the last steps.</param>
internal sealed record RepetitionOutcome(double Repetition, double RepeatingShare, double F1, double Perplexity, double FirstGate = double.NaN, double LastGate = double.NaN);
