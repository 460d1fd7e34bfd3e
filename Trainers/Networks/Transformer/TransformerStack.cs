using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Transformer blocks, one after the other: the one implementation behind towers, decoders and encoders.</summary>
internal sealed class TransformerStack : nn.Module
{
    private readonly TransformerOptions _options;
    private readonly Generator _generator;
    private readonly RotaryEmbedding? _rotary;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly nn.Module<Tensor, Tensor>? norm;

    /// <param name="options">The stack's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the stack does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public TransformerStack(TransformerOptions options, Generator generator)
        : base(nameof(TransformerStack))
    {
        options.Check();
        (_options, _generator) = (options, generator);
        _rotary = options.RotaryTheta is { } theta ? new RotaryEmbedding(options.HeadSize, theta, options.RotaryScaling) : null;
        blocks = nn.ModuleList(Enumerable.Range(0, options.Layers).Select(_ => new TransformerBlock(options, generator)).ToArray());
        norm = options.Norm == NormPlacement.Pre ? Norms.Create(options) : null;
        RegisterComponents();
    }

    /// <summary>Whether training keeps only each block's input and computes its activations once more in the backward pass:
    /// the same gradients for about a third more time and much less memory.</summary>
    public bool RecomputesActivations { get; set; }

    /// <summary><c>[rows, length, width]</c> to the same shape, in the caller's dispose scope.</summary>
    /// <param name="tokens">The tokens' vectors, positions included unless they are rotary.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>, or <c>[rows, cached + length]</c> with a cache: false for padding, which no
    /// token sees; null when there is none. What comes out for padding is finite and means nothing.</param>
    /// <param name="positions">The positions of rotary embeddings, Int64 <c>[length]</c> or <c>[rows, length]</c>; null to count from the
    /// row's start, padding included.</param>
    /// <param name="cache">The keys and values of the tokens before these, to which those of these are added; null when there are none.</param>
    /// <exception cref="InvalidOperationException">There is a cache, and gradients are recorded or the stack is not causal.</exception>
    public Tensor Forward(Tensor tokens, Tensor? isToken = null, Tensor? positions = null, KeyValueCache? cache = null)
    {
        if (cache is not null && !_options.IsCausal)
            throw new InvalidOperationException("Only a causal stack can read with a cache: in any other, tokens already read would see the new ones.");
        using var scope = NewDisposeScope();
        long rows = tokens.shape[0], length = tokens.shape[1], past = cache?.Length ?? 0;
        Tensor? mask = Mask(isToken, length, past, tokens);
        Rotation? rotation = _rotary?.Angles(positions ?? arange(past, past + length, device: tokens.device), tokens.dtype);
        for (int i = 0; i < blocks.Count; i++)
        {
            tokens = RecomputesActivations && cache is null
                ? BlockRecomputation.Run(blocks[i], tokens, mask, rotation, _generator)
                : blocks[i].Forward(tokens, mask, rotation, cache?.Layers[i]);
        }

        cache?.Advance(rows, length, isToken);
        return (norm is null ? tokens : norm.forward(tokens)).MoveToOuterDisposeScope();
    }

    private Tensor? Mask(Tensor? isToken, long length, long past, Tensor tokens)
    {
        // Several tokens behind cached ones: the attention's own causal mask would begin at the first of all.
        if (isToken is null && past > 0 && length > 1)
            isToken = ones(1, past + length, ScalarType.Bool, tokens.device);
        return isToken is null ? null : AttentionMask.Scores(isToken, _options.IsCausal, tokens.dtype, length);
    }
}
