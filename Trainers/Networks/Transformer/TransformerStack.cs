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

    /// <summary>The same where every token sees all others, or the middle blocks only those that are selected; see <see cref="TokenRouting"/>.</summary>
    /// <param name="tokens">The tokens' vectors, positions included.</param>
    /// <param name="isToken">As in <see cref="Forward"/>.</param>
    /// <param name="selection">Which tokens the middle blocks read; null when all blocks read all.</param>
    /// <returns>Both in the caller's dispose scope; the norm behind the last block is applied to the last alone.</returns>
    /// <remarks>Where activations are recomputed, those of the cross layer are kept.</remarks>
    /// <exception cref="InvalidOperationException">The stack is causal or has rotary positions.</exception>
    /// <exception cref="ArgumentException">There are fewer than two blocks, or the selection is not one of these tokens.</exception>
    public HiddenStates Route(Tensor tokens, Tensor? isToken = null, TokenSelection? selection = null)
    {
        if (_options.IsCausal || _rotary is not null)
            throw new InvalidOperationException("Tokens are routed in a random order: causal masks and rotary positions would need the one of the row.");
        using var scope = NewDisposeScope();
        Tensor? all = Mask(isToken, tokens.shape[1], 0, tokens), crossing = null, selected = null;
        if (isToken is not null && selection is not null)
        {
            (Tensor first, Tensor others) = selection.Split(isToken);
            crossing = AttentionMask.Scores(cat([first, others], 1), false, tokens.dtype);
            selected = AttentionMask.Scores(first, false, tokens.dtype);
        }

        Tensor Layer(int index, LayerRole role, Tensor stream, Tensor? others)
        {
            Tensor? mask = role switch { LayerRole.Cross => crossing, LayerRole.Reduced => selected, _ => all };
            return RecomputesActivations && others is null
                ? BlockRecomputation.Run(blocks[index], stream, mask, null, _generator)
                : blocks[index].Forward(stream, mask, null, others: others);
        }

        // An alias, for the tokens of a single block are the penultimate states and yet the caller's.
        HiddenStates states = TokenRouting.Run(tokens.alias(), blocks.Count, selection, Layer);
        Tensor last = norm is null ? states.Last : norm.forward(states.Last);
        return new HiddenStates(states.Penultimate.MoveToOuterDisposeScope(), last.MoveToOuterDisposeScope());
    }

    private Tensor? Mask(Tensor? isToken, long length, long past, Tensor tokens)
    {
        // Several tokens behind cached ones: the attention's own causal mask would begin at the first of all.
        if (isToken is null && past > 0 && length > 1)
            isToken = ones(1, past + length, ScalarType.Bool, tokens.device);
        return isToken is null ? null : AttentionMask.Scores(isToken, _options.IsCausal, tokens.dtype, length);
    }
}
