using System.Text.Json.Serialization;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>How <c>ml.Preference.Compare</c> compares. It reads them and never changes them.</summary>
public sealed class PreferenceComparisonOptions
{
    /// <summary>The prompts: text, which each model reads in its own way, or a vector of Int32, which is the same for both.</summary>
    public string PromptColumnName { get; set; } = "Prompt";

    /// <summary>Texts to measure unigram F1 against, a column of text. Null for none.</summary>
    public string? ReferenceColumnName { get; set; }

    /// <summary>How both models choose tokens. Without a seed of its own it has <see cref="Seed"/>: a model draws the same for a prompt each time.</summary>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>How tokens become text, and text tokens. Null for the models themselves, if they say so.</summary>
    [JsonIgnore]
    public ITextCodec? Codec { get; set; }

    /// <summary>What becomes of prompts that leave no room for a continuation.</summary>
    public LongSequencePolicy LongSequences { get; set; } = LongSequencePolicy.Cut;

    /// <summary>What is counted of the texts.</summary>
    public TextStatisticsOptions Text { get; set; } = new();

    /// <summary>The confidence of the interval, in (0, 1).</summary>
    public double Confidence { get; set; } = Bootstrap.DefaultConfidence;

    /// <summary>The samples that the interval is made of, at least 1.</summary>
    public int Resamples { get; set; } = Bootstrap.DefaultResamples;

    /// <summary>Decides what is drawn for the interval, and what models draw.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The most prompts that are handled at once; at least 1. The judge is asked twice for each.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Told how far the comparison has come, after each batch.</summary>
    [JsonIgnore]
    public IProgress<EvaluationProgress>? Progress { get; set; }

    /// <summary>Ends the comparison between batches, and within the judge.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(PromptColumnName);
        ArgumentNullException.ThrowIfNull(Generation);
        Generation.Validate();
        if (!Enum.IsDefined(LongSequences))
            throw new ArgumentException($"LongSequences must be Cut or Refuse, not {LongSequences}.");
        ArgumentNullException.ThrowIfNull(Text);
        Text.Validate();
        Bootstrap.Require(Confidence, Resamples);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
    }
}
