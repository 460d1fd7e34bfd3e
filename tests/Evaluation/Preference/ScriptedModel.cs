using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>A model that continues each prompt, written in letters, as a function says; scored by a bigram table.</summary>
internal sealed class ScriptedModel(Func<string, string> script, BigramModel scorer, int contextLength = 16, ITextCodec? codec = null) : ISequenceScorer, ITextGenerator, ITextCodec
{
    private readonly ITextCodec _codec = codec ?? new LetterCodec();

    public int VocabularySize => scorer.VocabularySize;

    public int ContextLength => contextLength;

    public string? TokenizerFingerprint { get; set; }

    public int? EndId => _codec.EndId;

    public List<GenerationOptions> Generations { get; } = [];

    public List<string> Prompts { get; } = [];

    public int[] EncodePrompt(string text) => _codec.EncodePrompt(text);

    public int[] EncodeCompletion(string text) => _codec.EncodeCompletion(text);

    public string Decode(ReadOnlySpan<int> ids) => _codec.Decode(ids);

    public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) => scorer.LogProbabilities(sequences);

    public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Generations.Add(options);
        Prompts.AddRange(prompts.Select(prompt => Decode(prompt)));
        return [.. prompts.Select(prompt => EncodePrompt(script(Decode(prompt))))];
    }
}
