using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Prompts a model with the prefixes of documents, and compares what it generates with their suffixes.</summary>
internal sealed class ExtractionRun(ITextGenerator generator, MemorizationOptions options, TokenDocuments source)
{
    private readonly List<long> _rowsTooShort = [];
    private int _prefixesCut;

    /// <summary>The rows that cannot be split.</summary>
    public IReadOnlyList<long> RowsTooShort => _rowsTooShort;

    /// <summary>The number of prefixes that were longer than the context leaves room for.</summary>
    public int PrefixesCut => _prefixesCut;

    public IReadOnlyList<DocumentMemorization> Run()
    {
        var documents = new List<DocumentMemorization>();
        var meter = new ProgressMeter(options.Progress, EvaluationStage.Extraction, source.RowCount);
        foreach (TokenDocument[] block in source.Read().Chunk(options.BatchSize))
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            (TokenDocument Document, ExtractionSplit Split)[] batch = [.. Splits(block)];
            if (batch.Length > 0)
                documents.AddRange(Extract(batch));
            meter.Add(block.Length, (long)batch.Length * options.SuffixLength);
        }
        if (documents.Count == 0)
            throw new InvalidOperationException(TooShort());
        return documents;
    }

    private IEnumerable<(TokenDocument Document, ExtractionSplit Split)> Splits(TokenDocument[] block)
    {
        foreach (TokenDocument document in block)
        {
            ExtractionSplit? split = options.Split == ExtractionSplitKind.Leading
                ? ExtractionSplit.Leading(document.Tokens, options.PrefixLength, options.SuffixLength)
                : ExtractionSplit.Trailing(document.Tokens, options.SuffixLength);
            if (split is null)
                _rowsTooShort.Add(document.Row);
            else
                yield return (document, FitContext(split));
        }
    }

    private ExtractionSplit FitContext(ExtractionSplit split)
    {
        int room = generator.ContextLength - options.SuffixLength;
        if (split.Prefix.Length <= room)
            return split;
        _prefixesCut++;
        return split with { Prefix = split.Prefix[^room..] };
    }

    private IEnumerable<DocumentMemorization> Extract((TokenDocument Document, ExtractionSplit Split)[] batch)
    {
        SuffixContinuation[] greedy = Generate(batch, beams: 1);
        SuffixContinuation[]? beam = options.Beams > 1 ? Generate(batch, options.Beams) : null;
        return batch.Select((part, i) => new DocumentMemorization(part.Document.Row, greedy[i], beam?[i], Dropped(part.Document)));
    }

    private SuffixContinuation[] Generate((TokenDocument Document, ExtractionSplit Split)[] batch, int beams)
    {
        var choice = new GenerationOptions { MaxNewTokens = options.SuffixLength, StopAtEnd = false, Beams = beams };
        IReadOnlyList<int[]> generated = ModelCalls.Continue(generator, [.. batch.Select(part => part.Split.Prefix)], choice, options.CancellationToken);
        for (int i = 0; i < batch.Length; i++)
        {
            if (generated[i].Length != options.SuffixLength)
                throw new InvalidOperationException(
                    $"The model generated {generated[i].Length} tokens for {source.Describe(batch[i].Document.Row)} and not the {options.SuffixLength} asked for: with StopAtEnd off nothing ends a continuation early.");
        }
        return [.. batch.Select((part, i) => new SuffixContinuation(generated[i], part.Split.Suffix))];
    }

    private bool[]? Dropped(TokenDocument document)
    {
        if (document.LossMask is not { } mask)
            return null;
        int start = options.Split == ExtractionSplitKind.Leading ? options.PrefixLength : mask.Length - options.SuffixLength;
        return [.. mask.AsSpan(start, options.SuffixLength).ToArray().Select(kept => kept == 0)];
    }

    private string TooShort()
    {
        string remedy = options.Split == ExtractionSplitKind.Leading
            ? $"PrefixLength {options.PrefixLength} and SuffixLength {options.SuffixLength} together; choose smaller ones"
            : $"SuffixLength {options.SuffixLength} and one more; choose a smaller one";
        return _rowsTooShort.Count == 0
            ? $"There are no documents in column '{source.TokensColumn.Name}'."
            : $"All {_rowsTooShort.Count} documents of column '{source.TokensColumn.Name}' have fewer tokens than {remedy}.";
    }
}
