namespace MLNetExt.Preference;

/// <summary>Where a run in rounds stands.</summary>
/// <param name="Round">The round, from 1; 0 while the pairs of the data are trained on.</param>
/// <param name="Rounds">The rounds asked for.</param>
/// <param name="Prompts">Prompts of which completions are drawn and scored.</param>
/// <param name="TotalPrompts">All prompts.</param>
/// <param name="Finished">The round's report when it has just ended; otherwise null.</param>
public sealed record PreferenceRoundProgress(int Round, int Rounds, int Prompts, int TotalPrompts, PreferenceRound? Finished);
