namespace MLNetExt.Sequences;

/// <summary>A sequence of which some tokens are to be predicted.</summary>
/// <param name="Inputs">What the model reads: 1 to <see cref="IMaskedTokenScorer.ContextLength"/> ids.</param>
/// <param name="Targets">As long: the token that is to be predicted at a place, or a negative number where none is.</param>
/// <param name="Kept">The places that the model's middle layers read, each once (token dropping, arXiv 2203.13240); null when they read all.</param>
/// <param name="Types">As long as the inputs: the kind of each token, 0 for those of a first text and 1 for those of a second; null when all are 0.</param>
public sealed record MaskedSequence(int[] Inputs, int[] Targets, int[]? Kept = null, int[]? Types = null);
