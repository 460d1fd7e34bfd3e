using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>One of two models that continue the same prompts.</summary>
internal sealed class ComparedModel
{
    private readonly ITextGenerator _generator;
    private readonly string _name;
    private readonly GenerationOptions _generation;
    private readonly int _room;
    private readonly LongSequencePolicy _policy;
    private readonly int _vocabularySize;
    private readonly CancellationToken _cancellation;

    /// <param name="generator">The model.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="options">How it generates.</param>
    /// <exception cref="ArgumentException">It does not say how it writes text, or the context has no room for a prompt.</exception>
    public ComparedModel(ITextGenerator generator, string name, PreferenceComparisonOptions options)
    {
        (_generator, _name, _policy, _cancellation) = (generator, name, options.LongSequences, options.CancellationToken);
        Codec = options.Codec ?? generator as ITextCodec
            ?? throw new ArgumentException($"Model {name} does not say how it reads and writes text: set Codec.");
        _generation = options.Generation.Copy();
        _generation.Seed ??= options.Seed;
        _room = generator.ContextLength - _generation.MaxNewTokens;
        if (_room < 1)
            throw new ArgumentException(
                $"A prompt and MaxNewTokens {_generation.MaxNewTokens} do not fit the context of {generator.ContextLength} of model {name}: ask for fewer tokens.");
        _vocabularySize = (generator as ISequenceScorer)?.VocabularySize ?? int.MaxValue;
    }

    public ITextCodec Codec { get; }

    /// <summary>The fingerprint of the tokenizer whose ids the model knows; null when it does not say.</summary>
    public string? Tokenizer => _generator.TokenizerFingerprint;

    /// <summary>The continuations that had as many tokens as they may have.</summary>
    public int Unfinished { get; private set; }

    /// <summary>The number of tokens generated.</summary>
    public long Tokens { get; private set; }

    /// <summary>Whether a prompt is too long, and is cut.</summary>
    /// <exception cref="ArgumentException">It must not be cut, or has an id outside the vocabulary.</exception>
    public bool Cuts(int[] prompt, string owner)
    {
        TokenColumns.RequireKnown(prompt, _vocabularySize, owner);
        if (prompt.Length > _room && _policy == LongSequencePolicy.Refuse)
            throw new ArgumentException(
                $"The prompt in {owner} has {prompt.Length} tokens, and beside {_generation.MaxNewTokens} new ones model {_name} reads {_room}: shorten it, or set LongSequences to Cut.");
        return prompt.Length > _room;
    }

    /// <summary>The texts with which the model continues prompts.</summary>
    public string[] Continue(IEnumerable<int[]> prompts)
    {
        IReadOnlyList<int[]> generated = ModelCalls.Continue(_generator, [.. prompts.Select(prompt => prompt[^Math.Min(prompt.Length, _room)..])], _generation, _cancellation);
        Unfinished += generated.Count(ids => ids.Length >= _generation.MaxNewTokens);
        Tokens += generated.Sum(ids => (long)ids.Length);
        return [.. generated.Select(ids => Codec.Decode(ids))];
    }
}
