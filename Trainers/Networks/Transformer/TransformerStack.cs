using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Transformer blocks, one after the other: the one implementation behind towers, decoders and encoders.</summary>
internal sealed class TransformerStack : nn.Module
{
    private readonly TransformerOptions _options;
    private readonly RotaryEmbedding? _rotary;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm? norm;

    /// <param name="options">The stack's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the stack does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public TransformerStack(TransformerOptions options, Generator generator)
        : base(nameof(TransformerStack))
    {
        options.Check();
        _options = options;
        _rotary = options.RotaryTheta is { } theta ? new RotaryEmbedding(options.HeadSize, theta) : null;
        blocks = nn.ModuleList(Enumerable.Range(0, options.Layers).Select(_ => new TransformerBlock(options, generator)).ToArray());
        norm = options.Norm == NormPlacement.Pre ? nn.LayerNorm(options.Width) : null;
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape, in the caller's dispose scope.</summary>
    /// <param name="tokens">The tokens' vectors, positions included unless they are rotary.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding, which no token sees; null when there is none.
    /// What comes out for padding is finite and means nothing.</param>
    public Tensor Forward(Tensor tokens, Tensor? isToken = null)
    {
        using var scope = NewDisposeScope();
        Tensor? mask = isToken is null ? null : AttentionMask.Scores(isToken, _options.IsCausal, tokens.dtype);
        Rotation? rotation = _rotary?.Angles(tokens.shape[1], tokens.dtype, tokens.device);
        foreach (TransformerBlock block in blocks)
            tokens = block.Forward(tokens, mask, rotation);
        return (norm is null ? tokens : norm.forward(tokens)).MoveToOuterDisposeScope();
    }
}
