namespace MLNetExt.Training;

/// <summary>How a training run ended.</summary>
/// <param name="Epochs">Epochs trained, those before a resume included.</param>
/// <param name="Steps">Optimiser steps made, those before a resume included.</param>
/// <param name="StoppedEarly">Whether early stopping ended the run.</param>
/// <param name="Best">The best validation; null when there was none.</param>
public sealed record TrainingResult(int Epochs, long Steps, bool StoppedEarly, BestValidation? Best);
