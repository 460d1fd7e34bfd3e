using System.Text.Json.Serialization;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>How <c>ml.Preference.Evaluate</c> measures. It reads them and never changes them.</summary>
public sealed class PreferenceEvaluationOptions
{
    /// <summary>The β that rewards are usually given with.</summary>
    public const double DefaultBeta = 0.1;

    /// <summary>The prompts: a vector of Int32, or text. Null when each completion has its prompt at its beginning: then the prompt of a pair is what both begin with.</summary>
    public string? PromptColumnName { get; set; } = "Prompt";

    /// <summary>The completions that are preferred: a vector of Int32, or text.</summary>
    public string ChosenColumnName { get; set; } = "Chosen";

    /// <summary>The completions that are not.</summary>
    public string RejectedColumnName { get; set; } = "Rejected";

    /// <summary>How text becomes tokens, and which token ends a text. Null for the model itself, if it says so.</summary>
    [JsonIgnore]
    public ITextCodec? Codec { get; set; }

    /// <summary>Whether each completion ends with an end token, which is scored like any other and added where it is missing.</summary>
    public bool AppendEnd { get; set; } = true;

    /// <summary>The end token. Null for that of <see cref="Codec"/>, or else the <c>eos</c> that the chosen column names; where none is known none is added.</summary>
    public int? EndTokenId { get; set; }

    /// <summary>What becomes of pairs that are longer than the model reads.</summary>
    public LongSequencePolicy LongSequences { get; set; } = LongSequencePolicy.Cut;

    /// <summary>The model that rewards and divergence are measured against, such as the one that training began with. Null for none.</summary>
    [JsonIgnore]
    public ISequenceScorer? Reference { get; set; }

    /// <summary>The β of the implicit rewards, above 0.</summary>
    public double Beta { get; set; } = DefaultBeta;

    /// <summary>How many different prompts, the first of the data, the model continues to estimate its divergence from <see cref="Reference"/>; 0 to leave that out.
    /// A model that is no <see cref="ITextGenerator"/> has no estimate.</summary>
    public int DivergencePrompts { get; set; } = 64;

    /// <summary>The most tokens by which it continues each; at least 1.</summary>
    public int DivergenceTokens { get; set; } = 32;

    /// <summary>The confidence of intervals, in (0, 1).</summary>
    public double Confidence { get; set; } = Bootstrap.DefaultConfidence;

    /// <summary>The samples that intervals are made of, at least 1.</summary>
    public int Resamples { get; set; } = Bootstrap.DefaultResamples;

    /// <summary>Decides what is drawn for intervals, and what the model generates.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The most pairs that are handled at once; at least 1. The model is given two sequences of each.</summary>
    public int BatchSize { get; set; } = 16;

    /// <summary>Told how far the evaluation has come, after each batch.</summary>
    [JsonIgnore]
    public IProgress<EvaluationProgress>? Progress { get; set; }

    /// <summary>Ends the evaluation between batches.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        if (PromptColumnName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(PromptColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(ChosenColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(RejectedColumnName);
        if (EndTokenId is { } end)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(end, nameof(EndTokenId));
            if (!AppendEnd)
                throw new ArgumentException("EndTokenId is set, and AppendEnd is false, which uses none.");
        }
        if (!Enum.IsDefined(LongSequences))
            throw new ArgumentException($"LongSequences must be Cut or Refuse, not {LongSequences}.");
        RequireBeta(Beta);
        ArgumentOutOfRangeException.ThrowIfNegative(DivergencePrompts);
        ArgumentOutOfRangeException.ThrowIfLessThan(DivergenceTokens, 1);
        Bootstrap.Require(Confidence, Resamples);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
    }

    internal static void RequireBeta(double beta)
    {
        if (!(beta > 0 && double.IsFinite(beta)))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "Beta must be above 0.");
    }
}
