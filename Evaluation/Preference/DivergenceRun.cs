using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Lets a model continue prompts by its own probabilities, and compares what it and another model say of each token.</summary>
internal sealed class DivergenceRun
{
    private readonly ISequenceScorer _model;
    private readonly ITextGenerator _generator;
    private readonly ISequenceScorer _reference;
    private readonly int? _endId;
    private readonly PreferenceEvaluationOptions _options;
    private readonly int _room;
    private readonly HashSet<string> _seen = [];
    private readonly List<int[]> _prompts = [];

    /// <param name="model">What the model says.</param>
    /// <param name="generator">The model, which generates.</param>
    /// <param name="reference">The other model.</param>
    /// <param name="endId">The token that ends a continuation; null for none.</param>
    /// <param name="options">How much to generate.</param>
    /// <exception cref="ArgumentException">As many tokens do not fit a context.</exception>
    public DivergenceRun(ISequenceScorer model, ITextGenerator generator, ISequenceScorer reference, int? endId, PreferenceEvaluationOptions options)
    {
        (_model, _generator, _reference, _endId, _options) = (model, generator, reference, endId, options);
        int context = Math.Min(Math.Min(model.ContextLength, generator.ContextLength), reference.ContextLength);
        _room = context - options.DivergenceTokens;
        if (_room < 1)
            throw new ArgumentException(
                $"DivergenceTokens {options.DivergenceTokens} and a prompt do not fit the context of {context}: choose fewer, or set DivergencePrompts to 0.");
    }

    /// <summary>Takes a prompt, unless there are enough, it is empty, or an equal one was taken.</summary>
    public void Add(int[] prompt)
    {
        if (_prompts.Count == _options.DivergencePrompts || prompt.Length == 0)
            return;
        int[] fitting = prompt[^Math.Min(prompt.Length, _room)..];
        if (_seen.Add(string.Join(' ', fitting)))
            _prompts.Add(fitting);
    }

    /// <returns>Null when no prompt was taken.</returns>
    /// <exception cref="InvalidOperationException">A model gave NaN, or not what was asked for.</exception>
    public DivergenceEstimate? Estimate()
    {
        var logRatios = new List<double[]>();
        var meter = new ProgressMeter(_options.Progress, EvaluationStage.Divergence, _prompts.Count);
        foreach (int[][] batch in _prompts.Chunk(_options.BatchSize))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            double[][] ratios = LogRatios(batch);
            logRatios.AddRange(ratios);
            meter.Add(batch.Length, ratios.Sum(tokens => (long)tokens.Length));
        }
        return logRatios.Count == 0 ? null : DivergenceEstimate.Of(logRatios);
    }

    private double[][] LogRatios(int[][] prompts)
    {
        // Temperature 1 and no limit to the choice: the draws are the model's own probabilities. A model may stop at several tokens and does not say at which it did.
        var sampling = new GenerationOptions { MaxNewTokens = _options.DivergenceTokens, Temperature = 1, StopAtEnd = false, Seed = _options.Seed };
        IReadOnlyList<int[]> generated = ModelCalls.Continue(_generator, prompts, sampling, _options.CancellationToken);
        int[][] sequences = [.. prompts.Select((prompt, i) => (int[])[.. prompt, .. UpToEnd(generated[i], prompt)])];
        IReadOnlyList<float[]> own = ModelCalls.Score(_model, sequences), others = ModelCalls.Score(_reference, sequences);
        return [.. sequences.Select((sequence, i) => Continuation(own[i], i).Zip(Continuation(others[i], i), (p, q) => (double)p - q).ToArray())];

        float[] Continuation(float[] logProbabilities, int i) =>
            ModelCalls.From(prompts[i].Length, logProbabilities, sequences[i].Length, () => Describe(prompts[i])).ToArray();
    }

    /// <summary>What was drawn up to the end token, which counts like the others.</summary>
    private int[] UpToEnd(int[] generated, int[] prompt)
    {
        if (generated.Length != _options.DivergenceTokens)
            throw new InvalidOperationException(
                $"The model generated {generated.Length} tokens for {Describe(prompt)} and not the {_options.DivergenceTokens} asked for: with StopAtEnd off nothing ends a continuation early.");
        int end = _endId is { } id ? Array.IndexOf(generated, id) : -1;
        return end < 0 ? generated : generated[..(end + 1)];
    }

    private string Describe(int[] prompt) => $"the continuation of prompt {_prompts.IndexOf(prompt)} (0-based, of different ones)";
}
