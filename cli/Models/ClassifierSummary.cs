namespace MLNetExt.Cli.Models;

/// <summary>What a classifier has learned.</summary>
/// <param name="Classes">The classes by name; empty when they have none.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Features">The number of features.</param>
/// <param name="Weights">The number of trained weights.</param>
/// <param name="Temperature">What logits are divided by before the softmax.</param>
internal sealed record ClassifierSummary(IReadOnlyList<string> Classes, int ClassCount, int Features, long Weights, double Temperature);
