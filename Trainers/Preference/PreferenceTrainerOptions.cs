using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MLNetExt.Fitting;
using MLNetExt.LanguageModeling;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Preference;

/// <summary>What all trainers of preferences have in common. Fit reads the options and never changes them.</summary>
public abstract class PreferenceTrainerOptions : ITrainerOptions
{
    private protected PreferenceTrainerOptions()
    {
    }

    /// <summary>The language model to begin with: one that was trained before, or <c>ml.LanguageModeling.LoadHuggingFace</c>. Fit does not change it. Required.</summary>
    [JsonIgnore]
    public CausalLanguageModelTransformer? Model { get; set; }

    /// <summary>The reference model, for losses that have one; null for <see cref="Model"/> as it is at the start. Its tokenizer must be the model's.</summary>
    [JsonIgnore]
    public CausalLanguageModelTransformer? Reference { get; set; }

    /// <summary>Whether the reference model's log-probabilities are computed once, before training, and kept with the rows; otherwise in each step.</summary>
    public bool PrecomputeReference { get; set; } = true;

    /// <summary>Low-rank adapters of the <see cref="Model"/>, which alone are then trained; null to train all weights. Adapters that the model has
    /// already become part of its weights first.</summary>
    public LowRankOptions? Adapters { get; set; }

    /// <summary>The prompts: text, or a vector of Int32. Null when each completion has its prompt at its beginning: then the prompt of a pair is what both begin with.</summary>
    public string? PromptColumnName { get; set; } = "Prompt";

    /// <summary>The completions that are preferred: text, or a vector of Int32.</summary>
    public string ChosenColumnName { get; set; } = "Chosen";

    /// <summary>The completions that are not.</summary>
    public string RejectedColumnName { get; set; } = "Rejected";

    /// <summary>The most tokens of a prompt and a completion together; 0 for the model's context.</summary>
    public int MaxLength { get; set; }

    /// <summary>The most tokens of a prompt, of which the last ones are kept; 0 for no limit of its own.</summary>
    public int MaxPromptLength { get; set; }

    /// <summary>What is kept of a sequence that is too long.</summary>
    public SequenceTruncation Truncation { get; set; } = SequenceTruncation.KeepStart;

    /// <summary>Whether each completion ends with the model's end token, which is learned like any other.</summary>
    public bool AppendEnd { get; set; } = true;

    /// <summary>Whether the model is trained without its own dropout, so that log-probabilities are the model's own. That of <see cref="Adapters"/>, which is 0 unless it is set, stays:
    /// <see cref="LowRankOptions.Dropout"/>.</summary>
    public bool DisableDropout { get; set; } = true;

    /// <summary>Pairs, or completions, per training batch; at least 1.</summary>
    [Range(2, 64, 8, true)]
    public int BatchSize { get; set; } = 8;

    /// <summary>How many times every row is seen: <see cref="TrainingOptions.Epochs"/>.</summary>
    [Range(1, 10, 1)]
    public int Epochs
    {
        get => Training.Epochs;
        set => Training.Epochs = value;
    }

    /// <summary>The peak learning rate: <see cref="TrainingOptions.LearningRate"/>. The larger the model, the lower; 1e-6 is usual from a billion weights on.</summary>
    [Range(1e-6, 1e-2, 1e-4, true)]
    public double LearningRate
    {
        get => Training.LearningRate;
        set => Training.LearningRate = value;
    }

    /// <inheritdoc cref="CausalLanguageModelOptions.RecomputeActivations"/>
    public bool RecomputeActivations { get; set; }

    /// <summary>The part of the rows that is set aside for validation, in [0, 1); 0 for none. Ignored when <see cref="ValidationData"/> is set.</summary>
    public double ValidationFraction { get; set; }

    /// <summary>Validation data with the same columns; null to use <see cref="ValidationFraction"/>.</summary>
    [JsonIgnore]
    public IDataView? ValidationData { get; set; }

    /// <summary>Rows per forward pass when scoring, and when the reference's log-probabilities are computed; 1 to 65,536.</summary>
    public int ScoringBlockSize { get; set; } = 16;

    /// <summary>How many bytes of rows may be held in memory; larger data are tokenised anew each epoch, and their reference log-probabilities computed anew.</summary>
    public long MemoryBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Decides the order of rows, dropout, what the objective draws and the validation split; null to draw it from the MLContext.</summary>
    public int? Seed { get; set; }

    /// <summary>How long and how fast to train, checkpoints, progress and cancellation.</summary>
    public TrainingOptions Training { get; set; } = new() { Epochs = 1, LearningRate = 1e-4, WarmupFraction = 0.1, Beta2 = 0.95 };

    /// <summary>The most tokens of a prompt and a completion together, as <see cref="MaxLength"/> says.</summary>
    internal int Length => MaxLength > 0 ? MaxLength : Model!.ContextLength;

    /// <summary>The columns to read.</summary>
    internal abstract PreferenceColumns Columns { get; }

    /// <summary>Whether the objective compares with a reference model.</summary>
    internal abstract bool NeedsReference { get; }

    /// <summary>Whether the margins at the start are measured and logged.</summary>
    internal virtual bool MeasuresStart => false;

    /// <summary>Whether the objective compares log-probabilities per token.</summary>
    internal virtual bool MarginsArePerToken => false;

    /// <summary>Whether there is no loss without a desired completion.</summary>
    internal virtual bool NeedsDesired => false;

    /// <summary>The objective.</summary>
    /// <param name="start">The margins that the objective compares, of pairs under the model at the start; null unless <see cref="MeasuresStart"/>.</param>
    internal abstract IPreferenceObjective CreateObjective(MarginQuantiles? start);

    /// <summary>The same options for a round: pairs of tokens that already end as they should, another start.</summary>
    /// <param name="model">What the round begins with.</param>
    /// <param name="seed">The round's seed.</param>
    /// <param name="checkpoints">Where its checkpoints are, from which it goes on when there are any; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal PreferenceTrainerOptions ForRound(CausalLanguageModelTransformer model, int seed, string? checkpoints, CancellationToken cancellationToken)
    {
        var copy = (PreferenceTrainerOptions)MemberwiseClone();
        (copy.Model, copy.Seed, copy.AppendEnd, copy.ValidationData) = (model, seed, false, null);
        (copy.PromptColumnName, copy.ChosenColumnName, copy.RejectedColumnName) = (nameof(TokenPair.Prompt), nameof(TokenPair.Chosen), nameof(TokenPair.Rejected));
        copy.Training = Training.ForRun(cancellationToken, Training.Progress);
        (copy.Training.CheckpointFolder, copy.Training.Resume) = (checkpoints, checkpoints is not null);
        return copy;
    }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal virtual void Validate()
    {
        if (Model is null)
            throw new ArgumentException("Model is not set: give the language model to train, from ml.LanguageModeling.Trainers.Causal(...).Fit or ml.LanguageModeling.LoadHuggingFace.");
        ObjectDisposedException.ThrowIf(Model.Model.IsDisposed, Model);
        foreach (string column in Columns.Sequences)
            RequireName(column);
        RequireDifferent([.. Columns.Sequences, .. Columns.Label is { } label ? new[] { label } : []]);
        Require(MaxLength >= 0, MaxLength, "at least 0, which is the model's context");
        Require(MaxLength <= Model.ContextLength, MaxLength, $"at most the model's context, {Model.ContextLength}");
        Require(MaxPromptLength >= 0, MaxPromptLength, "at least 0, which is no limit");
        Require(Enum.IsDefined(Truncation), Truncation, string.Join(" or ", Enum.GetNames<SequenceTruncation>()));
        Adapters?.Validate();
        Require(BatchSize >= 1, BatchSize, "at least 1");
        Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "in [0, 1)");
        Require(ScoringBlockSize is >= 1 and <= CausalLanguageModelOptions.MaxScoringBlockSize, ScoringBlockSize, $"in 1 to {CausalLanguageModelOptions.MaxScoringBlockSize}");
        Require(MemoryBudgetBytes >= 0, MemoryBudgetBytes, "at least 0");
        Require(Training is not null, Training, "set");
        Training!.Validate();
        if (Reference is { Model.IsDisposed: true })
            throw new ObjectDisposedException(nameof(Reference), "Reference was disposed: keep it until Fit has ended.");
        if (Reference is not null && Reference.VocabularySize < Model.VocabularySize)
            throw new ArgumentException($"Reference knows {Reference.VocabularySize} tokens, and Model {Model.VocabularySize}: give a reference that knows them all.");
        if (Reference is not null && Reference.ContextLength < Length)
            throw new ArgumentException($"Reference reads {Reference.ContextLength} tokens, and rows have up to {Length}: set MaxLength to what both read.");
        if (Reference is not null && Reference.Model.State.Tokens?.Fingerprint != Model.Model.State.Tokens?.Fingerprint)
            throw new ArgumentException("Reference has another tokenizer than Model: its log-probabilities would be those of other tokens.");
    }

    private void RequireDifferent(string[] columns)
    {
        string? twice = columns.GroupBy(c => c).FirstOrDefault(c => c.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"Column '{twice}' is named twice: {(ChosenColumnName == RejectedColumnName ? "ChosenColumnName and RejectedColumnName" : "prompt, completions and label")} must be different columns.");
    }
}
