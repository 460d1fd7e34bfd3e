namespace MLNetExt.Evaluation;

/// <summary>How far an evaluation of a language model has come.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Documents">The documents that this stage is done with, those left out included.</param>
/// <param name="DocumentCount">The documents in all; null when the data do not know how many they are.</param>
/// <param name="Tokens">The tokens that this stage has generated or scored.</param>
public readonly record struct EvaluationProgress(EvaluationStage Stage, long Documents, long? DocumentCount, long Tokens);
