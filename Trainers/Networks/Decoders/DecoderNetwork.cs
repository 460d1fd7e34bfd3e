using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A decoder-only transformer: from token ids to the vectors from which a head predicts the token behind each.</summary>
/// <remarks>Initial weights are normal with standard deviation <see cref="DecoderOptions.EmbeddingDeviation"/> in the embeddings and the
/// head, and as <see cref="TransformerOptions.InitialDeviation"/> says in the blocks; biases start at 0. Dropout follows the embeddings
/// and each sublayer; attention weights are not dropped.</remarks>
internal sealed partial class DecoderNetwork : nn.Module
{
    private readonly Generator _generator;
    private readonly Parameter tokens;
    private readonly Parameter? positions;
    private readonly SeededDropout dropout;
    private readonly TransformerStack transformer;
    private readonly Parameter? head;

    /// <param name="options">The network's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the network does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public DecoderNetwork(DecoderOptions options, Generator generator)
        : base(nameof(DecoderNetwork))
    {
        options.Check();
        (Options, _generator) = (options, generator);
        Parameter Vectors(int count) => new(zeros(count, options.Transformer.Width).normal_(0, options.EmbeddingDeviation, generator));

        tokens = Vectors(options.VocabularySize);
        positions = options.HasLearnedPositions ? Vectors(options.ContextLength) : null;
        dropout = new SeededDropout(options.Transformer.Dropout, generator);
        transformer = new TransformerStack(options.Transformer, generator);
        head = options.IsHeadTied ? null : Vectors(options.VocabularySize);
        RegisterComponents();
    }

    /// <summary>The network's shape.</summary>
    public DecoderOptions Options { get; }

    /// <summary>The head's weights, <c>[vocabulary, width]</c>: the network's own parameter, that of the token embedding when tied.</summary>
    public Tensor HeadWeight => head ?? tokens;

    /// <inheritdoc cref="TransformerStack.RecomputesActivations"/>
    public bool RecomputesActivations
    {
        get => transformer.RecomputesActivations;
        set => transformer.RecomputesActivations = value;
    }

    /// <summary>An empty cache for this network; the caller disposes it.</summary>
    /// <param name="capacity">For how many tokens a row there is room before the memory must grow.</param>
    public KeyValueCache NewCache(int capacity = 0) => new(Options.Transformer.Layers, Math.Min(capacity, Options.ContextLength));

    /// <summary>The tokens' vectors behind the last norm, <c>[rows, length, width]</c>, in the caller's dispose scope.</summary>
    /// <param name="ids">Int64 <c>[rows, length]</c>.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding, which no token sees and which has no position; what comes
    /// out for it is finite and means nothing. Null when there is none, or only behind a row's end: there no token sees it anyway.</param>
    /// <param name="positionIds">Int64 <c>[length]</c> or <c>[rows, length]</c>, each in [0, context length); null to count each row's tokens.</param>
    /// <param name="cache">What the tokens before these left, to which these are added; null when these are the first.</param>
    /// <exception cref="ArgumentException">An id is not in the vocabulary, a row is longer than the context, or the cache holds other rows.</exception>
    /// <exception cref="InvalidOperationException">There is a cache and gradients are recorded.</exception>
    public Tensor Hidden(Tensor ids, Tensor? isToken = null, Tensor? positionIds = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        long rows = ids.shape[0], length = ids.shape[1], past = cache?.Length ?? 0;
        RequireFits(ids, positionIds, past + length);
        Tensor? seen = cache is null ? isToken : cache.Seen(rows, length, isToken);
        positionIds ??= seen is null
            ? arange(past, past + length, device: ids.device)
            : (seen.cumsum(1) - 1).clamp(0).narrow(1, past, length);
        Tensor embedded = Embedded(tokens, ids);
        if (positions is not null)
            embedded = embedded.Plus(Embedded(positions, positionIds));
        return transformer.Forward(dropout.forward(embedded), seen, positionIds, cache).MoveToOuterDisposeScope();
    }

    /// <summary>The scores of all tokens to come next, <c>[..., width]</c> to <c>[..., vocabulary]</c>.</summary>
    /// <param name="hidden">What <see cref="Hidden"/> gave, or some of its vectors.</param>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, HeadWeight);

    private static Tensor Embedded(Parameter vectors, Tensor indices) =>
        vectors.index_select(0, indices.flatten()).unflatten(0, indices.shape);

    private void RequireFits(Tensor ids, Tensor? positionIds, long length)
    {
        NetworkCheck.Require(ids.numel() > 0, "There is no token to read: each row needs at least one, such as the one that begins a text.");
        Vocabulary.RequireIds(ids, "The input", Options.VocabularySize);
        long longest = positionIds is null ? length : positionIds.max().item<long>() + 1;
        if (longest > Options.ContextLength)
            throw new ArgumentException(
                $"A row has {longest} tokens, but the network reads at most {Options.ContextLength}: cut the text, or generate fewer tokens.", nameof(ids));
    }
}
