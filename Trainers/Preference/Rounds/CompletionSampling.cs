using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;

namespace MLNetExt.Preference;

/// <summary>Draws completions of prompts from a model and has them scored.</summary>
/// <param name="model">The model.</param>
/// <param name="options">How many, how, and by what reward.</param>
/// <param name="seed">Decides what is drawn, whatever the blocks of prompts.</param>
internal sealed class CompletionSampling(CausalLanguageModelTransformer model, IterativePreferenceOptions options, int seed)
{
    /// <param name="prompts">The prompts' tokens, none of them twice.</param>
    /// <param name="rows">The row of the data in which each stands, which errors of the reward name.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ScoredCompletions[] Run(IReadOnlyList<int[]> prompts, IReadOnlyList<long> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        GenerationOptions generation = options.Generation.Copy();
        generation.Seed = seed;
        int samples = options.SamplesPerPrompt;
        IReadOnlyList<int[]> drawn = model.Generate([.. prompts.SelectMany(p => Enumerable.Repeat(p, samples))], generation, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        PromptCompletion[] texts = [.. drawn.Select((ids, i) => new PromptCompletion(rows[i / samples], model.Decode(prompts[i / samples]), model.Decode(ids)))];
        IReadOnlyList<double> rewards = options.Reward!.ScoreAll(texts, cancellationToken);
        return [.. prompts.Select((prompt, i) => Scored(prompt, [.. drawn.Skip(i * samples).Take(samples)], [.. rewards.Skip(i * samples).Take(samples)]))];
    }

    private ScoredCompletions Scored(int[] prompt, int[][] completions, double[] rewards)
    {
        bool IsCutOff(int[] ids) => ids.Length >= options.Generation.MaxNewTokens;
        // A completion that ended at once is the end token alone: unlike an empty text it was written so.
        int? end = options.Trainer!.AppendEnd ? model.EndId : null;
        return new ScoredCompletions(
            prompt,
            [.. completions.Select(ids => end is { } id && !IsCutOff(ids) ? [.. ids, id] : ids)],
            rewards,
            completions.Count(IsCutOff));
    }
}
