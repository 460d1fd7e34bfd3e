using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A transformer encoder in the manner of BERT (arXiv 1810.04805): from token ids to the tokens' vectors, with the head that
/// predicts masked tokens.</summary>
/// <remarks>Initial weights are normal with standard deviation <see cref="EncoderOptions.EmbeddingDeviation"/> in the embeddings, and as
/// <see cref="TransformerOptions.InitialDeviation"/> says elsewhere; biases start at 0. Dropout follows the embeddings and each
/// sublayer; attention weights are not dropped. There is no head for the next sentence: that task is not trained here.</remarks>
internal sealed class EncoderNetwork : nn.Module
{
    /// <summary>What the names of the pooler's weights begin with. The head for masked tokens does not read it.</summary>
    public const string PoolerPrefix = nameof(pooler) + ".";

    private readonly Parameter tokens;
    private readonly Parameter positions;
    private readonly Parameter types;
    private readonly nn.Module<Tensor, Tensor>? norm;
    private readonly SeededDropout dropout;
    private readonly LocalStem? stem;
    private readonly TransformerStack transformer;
    private readonly LinearLayer? pooler;
    private readonly LinearLayer prediction;
    private readonly nn.Module<Tensor, Tensor> predictionNorm;
    private readonly Parameter headBias;

    /// <param name="options">The network's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the network does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public EncoderNetwork(EncoderOptions options, Generator generator)
        : base(nameof(EncoderNetwork))
    {
        options.Check();
        Options = options;
        TransformerOptions blocks = options.Transformer;
        Parameter Vectors(int count) => new(zeros(count, blocks.Width).normal_(0, options.EmbeddingDeviation, generator));
        LinearLayer Dense() => new(blocks.Width, blocks.Width, blocks.WeightDeviation(blocks.Width), generator);

        tokens = Vectors(options.VocabularySize);
        positions = Vectors(options.ContextLength);
        types = Vectors(options.TokenTypes);
        norm = options.HasEmbeddingNorm ? Norms.Create(blocks) : null;
        dropout = new SeededDropout(blocks.Dropout, generator);
        stem = options.HasLocalStem ? new LocalStem(blocks, generator) : null;
        transformer = new TransformerStack(blocks, generator);
        prediction = Dense();
        predictionNorm = Norms.Create(blocks);
        headBias = new Parameter(zeros(options.VocabularySize));
        pooler = options.HasPooler ? Dense() : null;
        RegisterComponents();
    }

    /// <summary>The network's shape.</summary>
    public EncoderOptions Options { get; }

    /// <summary>The head's weights, <c>[vocabulary, width]</c>: the network's own parameter, that of the token embedding.</summary>
    public Tensor HeadWeight => tokens;

    /// <summary>The head's bias, <c>[vocabulary]</c>: the network's own parameter.</summary>
    public Tensor HeadBias => headBias;

    /// <inheritdoc cref="TransformerStack.RecomputesActivations"/>
    public bool RecomputesActivations
    {
        get => transformer.RecomputesActivations;
        set => transformer.RecomputesActivations = value;
    }

    /// <summary>The tokens' vectors, <c>[rows, length, width]</c>, in the caller's dispose scope.</summary>
    /// <param name="ids">Int64 <c>[rows, length]</c>.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding, which no token sees; what comes out for it is finite and means
    /// nothing. Null when there is none.</param>
    /// <param name="tokenTypes">Int64 <c>[rows, length]</c>, each in [0, token types); null when all are 0.</param>
    /// <param name="selection">Which tokens the middle layers read (token dropping); null when all layers read all, as they must outside of
    /// pre-training. See <see cref="TokenRouting"/>.</param>
    /// <exception cref="ArgumentException">An id is not in the vocabulary, a row is longer than the context, or the selection is not one
    /// of these rows.</exception>
    public HiddenStates Hidden(Tensor ids, Tensor? isToken = null, Tensor? tokenTypes = null, TokenSelection? selection = null)
    {
        using var scope = NewDisposeScope();
        RequireFits(ids, tokenTypes);
        HiddenStates states = transformer.Route(Embedded(ids, isToken, tokenTypes), isToken, selection);
        return new HiddenStates(states.Penultimate.MoveToOuterDisposeScope(), states.Last.MoveToOuterDisposeScope());
    }

    /// <summary>What the head compares with all tokens: norm(activation(x W + b)), <c>[..., width]</c> to the same shape.</summary>
    /// <param name="hidden">Some of the last vectors, such as those of the masked positions.</param>
    public Tensor Predictions(Tensor hidden) => predictionNorm.forward(Options.Transformer.Activation.Apply(prediction.forward(hidden)));

    /// <summary>The scores of all tokens, <c>[..., width]</c> to <c>[..., vocabulary]</c>.</summary>
    /// <inheritdoc cref="Predictions" path="/param"/>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(Predictions(hidden), HeadWeight, HeadBias);

    /// <summary>One vector for each row, of its first token: tanh(x W + b), <c>[rows, length, width]</c> to <c>[rows, width]</c>.</summary>
    /// <param name="hidden">The last vectors.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding, which is passed over; null when there is none.</param>
    /// <exception cref="InvalidOperationException">The network has no pooler.</exception>
    public Tensor Pooled(Tensor hidden, Tensor? isToken = null) => pooler is not null
        ? tanh(pooler.forward(FirstTokens.Of(hidden, isToken)))
        : throw new InvalidOperationException("The network has no pooler: make it with HasPooler.");

    /// <summary>Takes what is not on the way to the tokens' vectors out of training: the head that predicts masked tokens, and the pooler.</summary>
    public void FreezeHeads()
    {
        foreach (Parameter parameter in prediction.parameters().Concat(predictionNorm.parameters()).Append(headBias).Concat(pooler?.parameters() ?? []))
            parameter.requires_grad_(false);
    }

    private Tensor Embedded(Tensor ids, Tensor? isToken, Tensor? tokenTypes)
    {
        Tensor sum = Embedded(tokens, ids).Plus(positions.narrow(0, 0, ids.shape[1])).Plus(tokenTypes is null ? types[0] : Embedded(types, tokenTypes));
        Tensor embedded = dropout.forward(norm is null ? sum : norm.forward(sum));
        return stem is null ? embedded : stem.Forward(embedded, isToken);
    }

    private static Tensor Embedded(Parameter vectors, Tensor indices) =>
        vectors.index_select(0, indices.flatten()).unflatten(0, indices.shape);

    private void RequireFits(Tensor ids, Tensor? tokenTypes)
    {
        NetworkCheck.Require(ids.numel() > 0, "There is no token to read: each row needs at least one, such as the one that begins a text.");
        Vocabulary.RequireIds(ids, "The input", Options.VocabularySize);
        NetworkCheck.Require(
            ids.shape[1] <= Options.ContextLength,
            $"A row has {ids.shape[1]} tokens, but the network reads at most {Options.ContextLength}: cut the text, or take a network with more positions.");
        NetworkCheck.Require(
            tokenTypes is null || (tokenTypes.ge(0).all().item<bool>() && tokenTypes.lt(Options.TokenTypes).all().item<bool>()),
            $"A token type is not among the {Options.TokenTypes} that the network knows, 0 to {Options.TokenTypes - 1}.");
    }
}
