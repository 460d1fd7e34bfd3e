using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Scores documents of any length with a model of limited context, a batch of windows at a time.</summary>
internal sealed class DocumentScorer
{
    private readonly ISequenceScorer _scorer;
    private readonly int _stride;
    private readonly int _batchSize;
    private readonly CancellationToken _cancellation;

    /// <param name="scorer">The model.</param>
    /// <param name="stride">How many tokens a further window scores; 0 for half of the context.</param>
    /// <param name="batchSize">The most windows that the model is given at once.</param>
    /// <param name="cancellation">Ends scoring between batches.</param>
    /// <exception cref="ArgumentException">The model's context has no room for two tokens, or the stride none for one of context.</exception>
    public DocumentScorer(ISequenceScorer scorer, int stride, int batchSize, CancellationToken cancellation)
    {
        if (scorer.ContextLength < 2)
            throw new ArgumentException($"The model's ContextLength is {scorer.ContextLength}; to predict a token from another it must be at least 2.");
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        if (stride >= scorer.ContextLength)
            throw new ArgumentOutOfRangeException(
                nameof(stride), stride, $"Stride must be less than the model's context of {scorer.ContextLength} tokens, so that every token has one before it; 0 for half of it.");
        _scorer = scorer;
        _stride = stride == 0 ? scorer.ContextLength / 2 : stride;
        _batchSize = batchSize;
        _cancellation = cancellation;
    }

    /// <summary>How many tokens a further window scores.</summary>
    public int Stride => _stride;

    /// <summary>Scores all tokens of documents but their first.</summary>
    /// <param name="documents">Documents of at least 2 tokens.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="meter">Told of each batch.</param>
    /// <exception cref="InvalidOperationException">While reading: the model gave a value that is no log-probability, or not as many as it should.</exception>
    public IEnumerable<DocumentLikelihood> Score(IEnumerable<TokenDocument> documents, TokenDocuments source, ProgressMeter meter)
    {
        var batch = new List<(TokenDocument Document, ScoringWindow Window)>(_batchSize);
        double sum = 0;
        foreach ((TokenDocument Document, ScoringWindow Window) window in documents.SelectMany(Windows))
        {
            batch.Add(window);
            if (batch.Count < _batchSize)
                continue;
            foreach (DocumentLikelihood finished in Flush())
                yield return finished;
        }
        foreach (DocumentLikelihood finished in Flush())
            yield return finished;

        List<DocumentLikelihood> Flush()
        {
            var finished = new List<DocumentLikelihood>();
            if (batch.Count == 0)
            {
                // Documents may have been left out since the last batch.
                meter.Add(0, 0);
                return finished;
            }
            _cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<float[]> logProbabilities = ModelCalls.Score(
                _scorer, [.. batch.Select(part => part.Document.Tokens[part.Window.Start..part.Window.End])]);
            for (int i = 0; i < batch.Count; i++)
            {
                (TokenDocument document, ScoringWindow window) = batch[i];
                sum += Sum(logProbabilities[i], document, window, source);
                if (window.End < document.Tokens.Length)
                    continue;
                finished.Add(new DocumentLikelihood(document.Row, document.Tokens.Length - 1, sum, document.Text));
                sum = 0;
            }
            meter.Add(finished.Count, batch.Sum(part => part.Window.End - part.Window.FirstScored));
            batch.Clear();
            return finished;
        }
    }

    private IEnumerable<(TokenDocument Document, ScoringWindow Window)> Windows(TokenDocument document) =>
        ScoringWindow.Of(document.Tokens.Length, _scorer.ContextLength, _stride).Select(window => (document, window));

    private static double Sum(float[] logProbabilities, TokenDocument document, ScoringWindow window, TokenDocuments source)
    {
        double sum = 0;
        foreach (float logProbability in ModelCalls.From(
            window.FirstScored - window.Start, logProbabilities, window.End - window.Start, () => source.Describe(document.Row), window.Start))
            sum -= logProbability;
        return sum;
    }
}
