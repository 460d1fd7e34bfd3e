using MLNetExt.Sequences;
using MLNetExt.Training;

namespace MLNetExt.LanguageModeling;

/// <summary>Continues prompts with a model.</summary>
internal sealed class TokenGeneration
{
    private readonly CausalModel _model;
    private readonly GenerationOptions _options;
    private readonly StopRule _stop;
    private readonly int _seed;

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public TokenGeneration(CausalModel model, GenerationOptions options)
    {
        options.Validate();
        ObjectDisposedException.ThrowIf(model.IsDisposed, model);
        (_model, _options) = (model, options);
        _stop = new StopRule(options, model);
        _seed = options.Seed ?? Random.Shared.Next();
    }

    /// <summary>Whether what is drawn follows from the seed and the prompt alone, so that equal prompts go on alike; otherwise those of one call draw on their own.</summary>
    public bool EqualPromptsDrawAlike { get; init; }

    private int ContextLength => _model.Network.Options.ContextLength;

    /// <summary>The new tokens of each prompt.</summary>
    /// <exception cref="ArgumentException">A prompt is empty or too long, or has an id outside the vocabulary; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, before one token or another.</exception>
    public int[][] Run(IReadOnlyList<int[]> prompts, CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < prompts.Count; i++)
            Require(prompts[i], i);
        if (_options.Beams > 1)
            return [.. prompts.Select(prompt => Best(prompt, cancellationToken))];
        int[] streams = Streams(prompts);
        var result = new int[prompts.Count][];
        // Prompts of like length together: padding is read like tokens.
        foreach (int[] part in Enumerable.Range(0, prompts.Count).OrderBy(i => prompts[i].Length).Chunk(_model.State.ScoringBlockSize))
        {
            int[][] block = [.. part.Select(i => prompts[i])];
            Continuation[] continuations = [.. part.Select(i => Start(prompts[i], streams[i]))];
            using var batch = new GenerationBatch(_model.Network, block, continuations);
            do
                cancellationToken.ThrowIfCancellationRequested();
            while (batch.Step());

            for (int row = 0; row < part.Length; row++)
                result[part[row]] = [.. continuations[row].Tokens];
        }

        return result;
    }

    /// <summary>The continuation of one prompt after each of its tokens.</summary>
    /// <inheritdoc cref="Run" path="/exception"/>
    public IEnumerable<IReadOnlyList<int>> Stream(int[] prompt)
    {
        if (_options.Beams > 1)
            throw new ArgumentException($"{nameof(GenerationOptions.Beams)} is {_options.Beams}: a beam search has no pieces to give before its end. Use Generate or GenerateText, or set it to 1.");
        Require(prompt, 0);
        Continuation continuation = Start(prompt, Streams([prompt])[0]);
        using var batch = new GenerationBatch(_model.Network, [prompt], [continuation]);
        bool goesOn;
        do
        {
            goesOn = batch.Step();
            yield return continuation.Tokens;
        }
        while (goesOn);
    }

    /// <summary>Why a prompt cannot be continued, as what is said of it; null when it can.</summary>
    public string? Problem(int[] prompt)
    {
        if (prompt.Length == 0)
            return "is empty: begin with at least one token, such as the tokenizer's bos or eos.";
        // The last new token is not read any more.
        if (prompt.Length + _options.MaxNewTokens - 1 > ContextLength)
            return $"has {prompt.Length} tokens and {nameof(GenerationOptions.MaxNewTokens)} is {_options.MaxNewTokens}, but the model reads at most {ContextLength}: shorten the prompt, or ask for fewer tokens.";
        int vocabulary = _model.Network.Options.VocabularySize;
        return prompt.AsSpan().IndexOfAnyExceptInRange(0, vocabulary - 1) is >= 0 and var bad
            ? $"has the id {prompt[bad]} in slot {bad}, which is not in the vocabulary of {vocabulary} tokens."
            : null;
    }

    private Continuation Start(int[] prompt, int stream) => new(prompt, new TokenSampler(_options, _seed ^ stream), _stop);

    /// <summary>What decides each prompt's draws beside the seed: its tokens, and how many equal ones stand before it. So they do not depend on what else is continued.</summary>
    private int[] Streams(IReadOnlyList<int[]> prompts)
    {
        var seen = new Dictionary<long, int>();
        return [.. prompts.Select(prompt =>
        {
            var digest = new RowDigest();
            digest.Add<int>(prompt);
            int before = EqualPromptsDrawAlike ? 0 : seen[digest.Value] = seen.GetValueOrDefault(digest.Value, -1) + 1;
            digest.Add((long)before);
            return unchecked((int)(digest.Value ^ (digest.Value >> 32)));
        })];
    }

    private int[] Best(int[] prompt, CancellationToken cancellationToken)
    {
        using var cache = new CachedBeams(_model.Network, prompt);
        IReadOnlyList<double[]> Next(IReadOnlyList<Beam> beams)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return cache.Next(beams);
        }

        List<int> tokens = [.. BeamSearch.Run(Next, _options.Beams, _options.MaxNewTokens, _stop.EndId)[0].Tokens];
        _stop.CutAtStopString(tokens);
        return [.. tokens];
    }

    private void Require(int[] prompt, int index)
    {
        if (Problem(prompt) is { } problem)
            throw new ArgumentException($"Prompt {index} {problem}", nameof(prompt));
    }
}
