namespace MLNetExt.Sequences;

/// <summary>A sequence of which some tokens are to be predicted.</summary>
/// <param name="Inputs">What the model reads: 1 to <see cref="IMaskedTokenScorer.ContextLength"/> ids.</param>
/// <param name="Targets">As long: the token that is to be predicted at a place, or a negative number where none is.</param>
/// <param name="Kept">The places that the model's middle layers read, each once (token dropping, arXiv 2203.13240); null when they read all.</param>
public sealed record MaskedSequence(int[] Inputs, int[] Targets, int[]? Kept = null);
