namespace MLNetExt.Evaluation;

/// <summary>A prompt and what was made of it.</summary>
/// <param name="Row">The row of the data that the prompt is of, counted from 0; messages name it.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Completion">What comes behind it.</param>
public readonly record struct PromptCompletion(long Row, string Prompt, string Completion);
