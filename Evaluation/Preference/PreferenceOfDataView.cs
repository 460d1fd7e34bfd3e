using Microsoft.ML;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Evaluates a model with the pairs of a data view.</summary>
internal sealed class PreferenceOfDataView
{
    private readonly ISequenceScorer _model;
    private readonly PreferenceEvaluationOptions _options;
    private readonly PreferenceRows _rows;

    private PreferenceOfDataView(ISequenceScorer model, IDataView data, PreferenceEvaluationOptions options)
    {
        ISequenceScorer[] scorers = options.Reference is null ? [model] : [model, options.Reference];
        int context = scorers.Min(scorer => scorer.ContextLength);
        if (context < 2)
            throw new ArgumentException($"A model's ContextLength is {context}; to predict a token from another it must be at least 2.");
        ITextCodec? codec = options.Codec ?? model as ITextCodec;
        if (model.TokenizerFingerprint is { } tokenizer && options.Reference?.TokenizerFingerprint is { } other && other != tokenizer)
            throw new ArgumentException("Reference has another tokenizer than the model: its log-probabilities would be those of other tokens.");
        _model = model;
        _options = options;
        _rows = new PreferenceRows(data, options, codec, model.TokenizerFingerprint, scorers.Min(scorer => scorer.VocabularySize), context);
    }

    public static PreferenceMetrics Evaluate(ISequenceScorer model, IDataView data, PreferenceEvaluationOptions options)
    {
        options.Validate();
        return new PreferenceOfDataView(model, data, options).Evaluate(data);
    }

    private PreferenceMetrics Evaluate(IDataView data)
    {
        DivergenceRun? divergence = _options is { Reference: { } reference, DivergencePrompts: > 0 } && _model is ITextGenerator generator
            ? new DivergenceRun(_model, generator, reference, _rows.EndTokenId, _options)
            : null;
        var pairs = new List<PreferencePair>();
        var meter = new ProgressMeter(_options.Progress, EvaluationStage.Preference, data.GetRowCount());
        foreach (PreferenceRow[] batch in _rows.Read(meter).Chunk(_options.BatchSize))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            pairs.AddRange(Score(batch));
            foreach (PreferenceRow row in batch)
                divergence?.Add(row.Prompt);
            meter.Add(batch.Length, batch.Sum(row => (long)row.Chosen.Length + row.Rejected.Length - 2 * row.Unscored));
        }
        // Rows may have been left out since the last batch.
        meter.Add(0, 0);
        if (pairs.Count == 0)
            throw new InvalidOperationException(
                $"There is no pair to score: {_rows.Empty} rows have an empty completion, {_rows.Equal} two equal ones, and {_rows.CutAway} have nothing that tells them apart within the context.");
        return new PreferenceMetrics(pairs, _options.Beta, _options.Confidence, _options.Resamples, _options.Seed)
        {
            Divergence = divergence?.Estimate(),
            EndTokenId = _rows.EndTokenId,
            EmptyRows = _rows.Empty,
            EqualRows = _rows.Equal,
            CutAwayRows = _rows.CutAway,
            PromptsCut = _rows.PromptsCut,
            CompletionsCut = _rows.CompletionsCut,
        };
    }

    private IEnumerable<PreferencePair> Score(PreferenceRow[] batch)
    {
        int[][] sequences = [.. batch.Select(row => (int[])[.. row.Prompt, .. row.Chosen]), .. batch.Select(row => (int[])[.. row.Prompt, .. row.Rejected])];
        double[] sums = Sums(_model, batch, sequences);
        double[]? reference = _options.Reference is { } other ? Sums(other, batch, sequences) : null;
        return batch.Select((row, i) => new PreferencePair(row.Row, Completion(row, row.Chosen, i), Completion(row, row.Rejected, batch.Length + i)));

        CompletionScore Completion(PreferenceRow row, int[] completion, int i) => new(completion.Length - row.Unscored, sums[i], reference?[i]);
    }

    /// <summary>The summed log-probabilities of completions: first of all chosen ones, then of all rejected ones.</summary>
    private double[] Sums(ISequenceScorer scorer, PreferenceRow[] batch, int[][] sequences)
    {
        IReadOnlyList<float[]> logProbabilities = ModelCalls.Score(scorer, sequences);
        return [.. sequences.Select((sequence, i) => Sum(batch[i % batch.Length], logProbabilities[i], sequence, isChosen: i < batch.Length))];
    }

    private double Sum(PreferenceRow row, float[] logProbabilities, int[] sequence, bool isChosen)
    {
        double sum = 0;
        foreach (float logProbability in ModelCalls.From(row.Prompt.Length + row.Unscored, logProbabilities, sequence.Length, Owner))
            sum += logProbability;
        return double.IsFinite(sum) ? sum : throw new InvalidOperationException($"The model gave the completion of {Owner()} a probability of 0, so that it has no margin.");

        string Owner() => _rows.Describe(row.Row, isChosen);
    }
}
