namespace MLNetExt.Evaluation;

/// <summary>Which of two completions is better?</summary>
/// <param name="Row">The row of the data that the prompt is of, counted from 0; messages name it.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="First">The completion that is shown first.</param>
/// <param name="Second">The other one.</param>
public readonly record struct PreferenceQuestion(long Row, string Prompt, string First, string Second);
