namespace MLNetExt.Preference;

/// <summary>What happened in a round.</summary>
/// <param name="Round">The round, from 1; 0 for the training on the pairs of the data.</param>
/// <param name="NewPairs">The pairs that the round made; in round 0 those of the data.</param>
/// <param name="Pairs">The pairs that it trained on: those of earlier rounds among them when they are kept, without those that training left out or set aside for validation.</param>
/// <param name="Ties">Prompts left out because the best completion's reward is no higher than the worst one's, or all completions are the same.</param>
/// <param name="MeanReward">The mean reward of the completions that the model wrote with which the round began; null in round 0.</param>
/// <param name="BestReward">The mean reward of each prompt's best completion; null in round 0.</param>
/// <param name="UnfinishedShare">The share of completions that were cut off at the most tokens; null in round 0.</param>
/// <param name="ModelPath">The Hugging Face directory of the model with which the round ended; null when there is no folder, or when there was no pair to train on and the model stayed as it was.</param>
public sealed record PreferenceRound(
    int Round, int NewPairs, int Pairs, int Ties, double? MeanReward, double? BestReward, double? UnfinishedShare, string? ModelPath);
