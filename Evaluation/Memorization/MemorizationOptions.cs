using System.Text.Json.Serialization;
using Microsoft.ML;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>What <c>ml.LanguageModeling.EvaluateMemorization</c> asks of a model. It reads them and never changes them.</summary>
public sealed class MemorizationOptions
{
    /// <summary>The documents' ids: a vector of Int32.</summary>
    public string TokensColumnName { get; set; } = "Tokens";

    /// <summary>The mask that the model was trained with: a vector of Single, one value a token, 0 for one that was dropped from the loss. Null for none.</summary>
    public string? LossMaskColumnName { get; set; }

    /// <summary>The documents' text, by whose compressed length the zlib attack divides. Null to leave that attack out.</summary>
    public string? TextColumnName { get; set; }

    /// <summary>Which tokens of a document are the prompt, and which are asked for.</summary>
    public ExtractionSplitKind Split { get; set; } = ExtractionSplitKind.Leading;

    /// <summary>P, the number of tokens in the prompt, at least 1. <see cref="ExtractionSplitKind.Trailing"/> does not read it.</summary>
    public int PrefixLength { get; set; } = 32;

    /// <summary>S, the number of tokens asked for, at least 1.</summary>
    public int SuffixLength { get; set; } = 32;

    /// <summary>The number of beams of a second extraction, which looks for the most likely suffix of the same length; 1 for none.</summary>
    public int Beams { get; set; } = 1;

    /// <summary>Documents that the model was not trained on, drawn as the others were, with the same columns: membership inference is
    /// measured with them. Null to leave it out.</summary>
    [JsonIgnore]
    public IDataView? NonMembers { get; set; }

    /// <summary>What gives the likelihoods for membership inference. Null for the model itself.</summary>
    [JsonIgnore]
    public ISequenceScorer? Scorer { get; set; }

    /// <summary>The most documents, or windows of long ones, that are handed to the model at once; at least 1.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Told how far the evaluation has come, after each batch.</summary>
    [JsonIgnore]
    public IProgress<EvaluationProgress>? Progress { get; set; }

    /// <summary>Ends the evaluation between batches; the model gets it too, to end while it generates.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate(int contextLength)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(TokensColumnName);
        if (!Enum.IsDefined(Split))
            throw new ArgumentException($"Split must be Leading or Trailing, not {Split}.");
        if (Split == ExtractionSplitKind.Leading)
            ArgumentOutOfRangeException.ThrowIfLessThan(PrefixLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SuffixLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Beams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        int prefix = Split == ExtractionSplitKind.Leading ? PrefixLength : 1;
        if ((long)prefix + SuffixLength > contextLength)
            throw new ArgumentException(
                $"A prefix of {prefix} and a suffix of {SuffixLength} tokens do not fit the model's context of {contextLength}: choose a smaller PrefixLength or SuffixLength.");
    }
}
