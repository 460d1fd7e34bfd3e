namespace MLNetExt.Evaluation;

/// <summary>What a language model recites of documents, and whether it gives away which documents it was trained on.</summary>
public sealed class MemorizationMetrics
{
    internal MemorizationMetrics()
    {
    }

    /// <summary>What greedy generation recited.</summary>
    public required ExtractionMetrics Extraction { get; init; }

    /// <summary>What beam search recited; null when <see cref="MemorizationOptions.Beams"/> is 1.</summary>
    public required ExtractionMetrics? BeamExtraction { get; init; }

    /// <summary>Membership inference; null without <see cref="MemorizationOptions.NonMembers"/>.</summary>
    public required MembershipMetrics? Membership { get; init; }

    /// <summary>Each document that was asked for, in the data's order.</summary>
    public required IReadOnlyList<DocumentMemorization> Documents { get; init; }

    /// <summary>The rows, counted from 0, of the documents that are too short to be split, which are not in <see cref="Documents"/>.</summary>
    public required IReadOnlyList<long> RowsTooShort { get; init; }

    /// <summary>The number of documents whose prefix was cut at its start because it is longer than the context leaves room for.</summary>
    public required int PrefixesCut { get; init; }

    /// <summary>How documents were split.</summary>
    public required ExtractionSplitKind Split { get; init; }

    /// <summary>The number of tokens in the prompt; null when it differs from document to document.</summary>
    public required int? PrefixLength { get; init; }

    /// <summary>The number of tokens asked for.</summary>
    public required int SuffixLength { get; init; }

    /// <summary>The number of beams; 1 for none.</summary>
    public required int Beams { get; init; }

    /// <summary>The numbers as a table.</summary>
    public override string ToString() => MemorizationTable.Of([("", this)]).ToString();
}
