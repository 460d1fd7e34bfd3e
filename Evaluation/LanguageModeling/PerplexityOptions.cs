using System.Text.Json.Serialization;

namespace MLNetExt.Evaluation;

/// <summary>How <c>ml.LanguageModeling.EvaluatePerplexity</c> measures. It reads them and never changes them.</summary>
public sealed class PerplexityOptions
{
    /// <summary>The documents' ids: a vector of Int32.</summary>
    public string TokensColumnName { get; set; } = "Tokens";

    /// <summary>The documents' text, whose characters and bytes are counted. Null to give perplexity alone.</summary>
    public string? TextColumnName { get; set; }

    /// <summary>The number of characters of all documents together, at least 1, when there is no text column. Null when there is one, or to give perplexity alone.</summary>
    public long? CharacterCount { get; set; }

    /// <summary>What becomes of a document's first token.</summary>
    public FirstTokenPolicy FirstToken { get; set; } = FirstTokenPolicy.FromStartToken;

    /// <summary>The token from which the first one is predicted. Null for the <c>bos</c>, or else the <c>eos</c>, that the token column names.</summary>
    public int? StartTokenId { get; set; }

    /// <summary>How many tokens each further window of a document longer than the context scores; the rest of the window is context. From 1, the most
    /// exact and slowest, to one less than the context; 0 for half of the context.</summary>
    public int Stride { get; set; }

    /// <summary>The most windows that are handed to the model at once; at least 1.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Told how far the evaluation has come, after each batch.</summary>
    [JsonIgnore]
    public IProgress<EvaluationProgress>? Progress { get; set; }

    /// <summary>Ends the evaluation between batches.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(TokensColumnName);
        if (TextColumnName is not null && CharacterCount is not null)
            throw new ArgumentException("TextColumnName and CharacterCount are both set: the characters are counted in the text, or given.");
        if (CharacterCount is { } characters)
            ArgumentOutOfRangeException.ThrowIfLessThan(characters, 1, nameof(CharacterCount));
        if (!Enum.IsDefined(FirstToken))
            throw new ArgumentException($"FirstToken must be FromStartToken or LeaveOut, not {FirstToken}.");
        if (StartTokenId is { } start)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(start, nameof(StartTokenId));
            if (FirstToken == FirstTokenPolicy.LeaveOut)
                throw new ArgumentException("StartTokenId is set, and FirstToken is LeaveOut, which uses none.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
    }
}
