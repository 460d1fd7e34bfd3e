using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>A model that knows documents by heart, but for the tokens that a mask dropped; others it continues with <see cref="Unknown"/>.</summary>
internal sealed class RecitingModel(IEnumerable<DocumentRow> known, int contextLength = 64) : ISequenceScorer, ITextGenerator
{
    public const int Unknown = 99;

    private readonly DocumentRow[] _known = [.. known];

    public int VocabularySize => 100;

    public int ContextLength => contextLength;

    public string? TokenizerFingerprint { get; set; }

    public List<GenerationOptions> Generations { get; } = [];

    /// <summary>The loss of a token of a document that is known; the others have 3.</summary>
    public float KnownLoss { get; set; } = 0.1f;

    public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        Generations.Add(options);
        return [.. prompts.Select(prompt => Continue(prompt, options.MaxNewTokens))];
    }

    public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) =>
        [.. sequences.Select(ids => Enumerable.Repeat(Find(ids) is null ? -3f : -KnownLoss, ids.Length - 1).ToArray())];

    private int[] Continue(int[] prompt, int length)
    {
        if (Find(prompt) is not { } document)
            return [.. Enumerable.Repeat(Unknown, length)];
        return [.. Enumerable.Range(prompt.Length, length).Select(at => document.LossMask.Length > 0 && document.LossMask[at] == 0 ? Unknown : document.Tokens[at])];
    }

    private DocumentRow? Find(int[] ids) => _known.FirstOrDefault(document => document.Tokens.AsSpan().StartsWith(ids));
}
