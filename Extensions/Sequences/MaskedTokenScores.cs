namespace MLNetExt.Sequences;

/// <summary>What a model says of a <see cref="MaskedSequence"/>.</summary>
/// <param name="LogProbabilities">The log-probability, in nats, of each target in the order of their places.</param>
/// <param name="Vectors">The last layer's vector of each token, one behind the other, without those of padding that stands in the sequence; empty when they are not wanted.</param>
public sealed record MaskedTokenScores(float[] LogProbabilities, float[] Vectors);
