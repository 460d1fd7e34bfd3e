using System.Text.Json.Serialization;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Preference;

/// <summary>How <c>ml.Preference.Iterate</c> trains in rounds. It reads the options and never changes them.</summary>
public sealed class IterativePreferenceOptions
{
    /// <summary>The trainer of each round, with the <see cref="PreferenceTrainerOptions.Model"/> of the first: <see cref="PairwiseCringeOptions"/>,
    /// <see cref="DirectPreferenceOptions"/> or <see cref="BinaryCringeOptions"/> of pairs. Required. Its reference is in each round the model that the round begins with,
    /// unless it names one; its checkpoints are this run's business, its adapters are part of the weights after each round, and its validation part is of each round's pairs.</summary>
    [JsonIgnore]
    public PreferenceTrainerOptions? Trainer { get; set; }

    /// <summary>Says which of several completions is the best. Required. A run that is resumed must have the same: nothing can tell one from another.</summary>
    [JsonIgnore]
    public IReward? Reward { get; set; }

    /// <summary>Rounds of generating, scoring and training; at least 1.</summary>
    public int Rounds { get; set; } = 2;

    /// <summary>Completions of each prompt in a round; at least 2.</summary>
    public int SamplesPerPrompt { get; set; } = 4;

    /// <summary>How completions are drawn; its temperature must be above 0. Completions that are cut off at <see cref="GenerationOptions.MaxNewTokens"/> do not teach the end token.</summary>
    public GenerationOptions Generation { get; set; } = new() { Temperature = 1 };

    /// <summary>Whether a round also trains on the pairs of the data and of the rounds before it; a pair that it makes again counts once.</summary>
    public bool KeepOldPairs { get; set; } = true;

    /// <summary>The prompts that are handed to the model and the reward at once, and after which the work is safe in <see cref="Folder"/>; at least 1.</summary>
    public int PromptsPerBlock { get; set; } = 32;

    /// <summary>Where each round leaves its completions, its checkpoints, its model (a Hugging Face directory) and its report; null for nowhere, and then nothing can be resumed.</summary>
    public string? Folder { get; set; }

    /// <summary>Whether to go on where the run in <see cref="Folder"/> has stopped: in the round, and at the prompt or the step. A folder without a run begins one.</summary>
    public bool Resume { get; set; }

    /// <summary>Decides what is drawn and the order of rows; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>Told of each block of prompts and of each round's end.</summary>
    [JsonIgnore]
    public IProgress<PreferenceRoundProgress>? Progress { get; set; }

    /// <summary>Ends the run before the next token, prompt or step.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The most tokens of a prompt, so that training reads it whole with its completion.</summary>
    internal int LongestPrompt => Trainer!.MaxPromptLength > 0 ? Math.Min(Trainer.MaxPromptLength, Trainer.Length - Generation.MaxNewTokens) : Trainer!.Length - Generation.MaxNewTokens;

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        if (Trainer is null)
            throw new ArgumentException("Trainer is not set: give the options of the trainer of each round, PairwiseCringeOptions for example.");
        Trainer.Validate();
        if (!Trainer.Columns.IsPaired)
            throw new ArgumentException("Trainer learns from single completions, and rounds make pairs: leave its CompletionColumnName null.");
        if (Trainer.PromptColumnName is null)
            throw new ArgumentException("Trainer has no PromptColumnName: rounds need the prompts by themselves.");
        if (Trainer.Model!.Tokenizer is null)
            throw new ArgumentException("Trainer's Model has no tokenizer: its completions could not be read by the reward.");
        if (Reward is null)
            throw new ArgumentException("Reward is not set: give a DelegateReward, a TransformerReward, or a judge as a TournamentReward.");
        Require(Rounds >= 1, Rounds, "at least 1");
        Require(SamplesPerPrompt >= 2, SamplesPerPrompt, "at least 2: a pair needs two completions");
        Require(PromptsPerBlock >= 1, PromptsPerBlock, "at least 1");
        Require(Generation is not null, Generation, "set");
        Generation!.Validate();
        Require(Generation.Temperature > 0, Generation.Temperature, "above 0: greedy completions of one prompt are all the same");
        Require(Generation.MaxNewTokens < Trainer.Length, Generation.MaxNewTokens, $"below the tokens that Trainer reads of a prompt and a completion (its MaxLength, or the model's context), {Trainer.Length}");
        if (Trainer.ValidationData is not null)
            throw new ArgumentException("Trainer's ValidationData is set, and rounds train on pairs that they make: set its ValidationFraction, which is of each round's pairs.");
        if (Resume && Folder is null)
            throw new ArgumentException("Resume is set, and Folder is not: there is no run to go on with.");
    }
}
