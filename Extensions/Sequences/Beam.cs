namespace MLNetExt.Sequences;

/// <summary>A continuation that <see cref="BeamSearch"/> follows.</summary>
/// <param name="Tokens">The ids chosen so far, without the prompt.</param>
/// <param name="LogProbability">The sum of their log-probabilities, in nats.</param>
/// <param name="Parent">Which beam of the step before it continues: a model reorders its cache by it.</param>
public sealed record Beam(int[] Tokens, double LogProbability, int Parent);
