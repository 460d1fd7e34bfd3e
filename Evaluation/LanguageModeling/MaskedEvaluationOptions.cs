using System.Text.Json.Serialization;

namespace MLNetExt.Evaluation;

/// <summary>How <c>ml.LanguageModeling.EvaluateMasked</c> measures. It reads them and never changes them.</summary>
public sealed class MaskedEvaluationOptions
{
    /// <summary>What the model reads: a vector of Int32, as Text.MaskTokens makes it.</summary>
    public string InputColumnName { get; set; } = "MaskedTokens";

    /// <summary>What it is to predict: a vector of Int32 as long, with a negative number where nothing is predicted.</summary>
    public string LabelColumnName { get; set; } = "MaskLabels";

    /// <summary>The places that the middle layers read, as Text.TokenDropping makes them of the input column; null to make full passes alone.</summary>
    public string? KeptColumnName { get; set; }

    /// <summary>The kinds of the tokens, 0 for those of a first text and 1 for those of a second: a vector of Int32 as long as the input. Null when all are 0, which a model that was
    /// trained with kinds does not take.</summary>
    public string? TokenTypesColumnName { get; set; }

    /// <summary>The most rows that are handed to the model at once; at least 1.</summary>
    public int BatchSize { get; set; } = 256;

    /// <summary>Told how far the evaluation has come, after each batch.</summary>
    [JsonIgnore]
    public IProgress<EvaluationProgress>? Progress { get; set; }

    /// <summary>Ends the evaluation between batches.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(InputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(LabelColumnName);
        if (KeptColumnName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(KeptColumnName);
        if (TokenTypesColumnName is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(TokenTypesColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
    }
}
