namespace MLNetExt.Training;

/// <summary>The best validation of a run.</summary>
/// <param name="Epoch">The number of epochs trained when it was measured.</param>
/// <param name="Step">The number of optimiser steps made when it was measured.</param>
/// <param name="Metrics">Its metrics; the first is the criterion.</param>
public sealed record BestValidation(int Epoch, long Step, IReadOnlyList<ValidationMetric> Metrics);
