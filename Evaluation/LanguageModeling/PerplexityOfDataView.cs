using System.Text;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Scores the documents of a data view, in one pass, and adds their likelihoods up.</summary>
internal sealed class PerplexityOfDataView
{
    private readonly ISequenceScorer _scorer;
    private readonly TokenDocuments _source;
    private readonly PerplexityOptions _options;
    private readonly int? _start;

    /// <summary>Whether the start token is a special one: documents may begin with it already.</summary>
    private readonly bool _startIsSpecial;

    private int _documents;
    private int _empty;
    private int _firstTokensNotScored;
    private long _characters;
    private long _bytes;

    private PerplexityOfDataView(ISequenceScorer scorer, IDataView data, PerplexityOptions options)
    {
        _scorer = scorer;
        _options = options;
        _source = new TokenDocuments(data, options.TokensColumnName, lossMaskColumnName: null, options.TextColumnName, scorer.VocabularySize, scorer.TokenizerFingerprint);
        if (options.FirstToken == FirstTokenPolicy.LeaveOut)
            return;
        IReadOnlyDictionary<string, int>? special = TokenAnnotations.Of(_source.TokensColumn)?.SpecialTokens;
        _start = options.StartTokenId ?? Find(special, "bos") ?? Find(special, "eos") ?? throw new ArgumentException(
            $"Nothing stands before the first token of a document, and column '{_source.TokensColumn.Name}' names no bos or eos token to predict it from: " +
            "set StartTokenId, or FirstToken to LeaveOut, so that first tokens are not scored.");
        if (_start >= scorer.VocabularySize)
            throw new ArgumentOutOfRangeException(nameof(options), _start, $"StartTokenId must be one of the model's {scorer.VocabularySize} tokens.");
        _startIsSpecial = special?.Values.Contains(_start.Value) == true;
    }

    public static PerplexityMetrics Evaluate(ISequenceScorer scorer, IDataView data, PerplexityOptions options)
    {
        options.Validate();
        return new PerplexityOfDataView(scorer, data, options).Evaluate();
    }

    private PerplexityMetrics Evaluate()
    {
        var scoring = new DocumentScorer(_scorer, _options.Stride, _options.BatchSize, _options.CancellationToken);
        var meter = new ProgressMeter(_options.Progress, EvaluationStage.Perplexity, _source.RowCount);
        double sum = 0;
        long tokens = 0;
        foreach (DocumentLikelihood document in scoring.Score(Sequences(meter), _source, meter))
        {
            sum += document.NegativeLogLikelihood;
            tokens += document.TokenCount;
        }
        if (tokens == 0)
            throw new InvalidOperationException(
                $"There is no token to score in the {_documents + _empty} documents of column '{_source.TokensColumn.Name}'" +
                (_start is null ? ": FirstToken is LeaveOut, so documents need at least 2." : "."));
        return new PerplexityMetrics
        {
            NegativeLogLikelihood = sum,
            TokenCount = tokens,
            CharacterCount = _options.TextColumnName is null ? _options.CharacterCount : _characters,
            ByteCount = _options.TextColumnName is null ? null : _bytes,
            DocumentCount = _documents,
            EmptyDocuments = _empty,
            FirstTokensNotScored = _firstTokensNotScored,
            StartTokenId = _start,
            ContextLength = _scorer.ContextLength,
            Stride = scoring.Stride,
        };
    }

    /// <summary>The documents with their start token; what has no token to score is counted.</summary>
    private IEnumerable<TokenDocument> Sequences(ProgressMeter meter)
    {
        foreach (TokenDocument document in _source.Read())
        {
            bool hasStart = _startIsSpecial && document.Tokens.Length > 0 && document.Tokens[0] == _start;
            TokenDocument sequence = _start is { } start && !hasStart ? document with { Tokens = [start, .. document.Tokens] } : document;
            _characters += document.Text?.EnumerateRunes().Count() ?? 0;
            _bytes += document.Text is null ? 0 : Encoding.UTF8.GetByteCount(document.Text);
            if (_start is null && document.Tokens.Length > 0)
                _firstTokensNotScored++;
            if (sequence.Tokens.Length < 2)
            {
                _empty++;
                meter.LeaveOut();
                continue;
            }
            _documents++;
            yield return sequence;
        }
    }

    private static int? Find(IReadOnlyDictionary<string, int>? special, string role) =>
        special is not null && special.TryGetValue(role, out int id) ? id : null;
}
