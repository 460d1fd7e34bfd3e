using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>One transformer block: attention, then the feed-forward layers, each with its residual connection and norm.</summary>
internal sealed class TransformerBlock : nn.Module
{
    private readonly NormPlacement _norm;
    private readonly LayerNorm attentionNorm;
    private readonly Attention attention;
    private readonly LayerNorm feedForwardNorm;
    private readonly FeedForward feedForward;
    private readonly SeededDropout dropout;

    /// <param name="options">The shape of the stack.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the block does not own it.</param>
    public TransformerBlock(TransformerOptions options, Generator generator)
        : base(nameof(TransformerBlock))
    {
        _norm = options.Norm;
        // Each sublayer adds to the residual stream: the sum of all of them starts with the size of one.
        double branch = 1 / Math.Sqrt(2 * options.Layers);
        attentionNorm = nn.LayerNorm(options.Width);
        attention = new Attention(options, branch / Math.Sqrt(options.Width), generator);
        feedForwardNorm = nn.LayerNorm(options.Width);
        feedForward = new FeedForward(options, branch / Math.Sqrt(options.HiddenWidth), generator);
        dropout = new SeededDropout(options.Dropout, generator);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape, in the caller's dispose scope.</summary>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="mask">What <see cref="AttentionMask.Scores"/> made; null when there is no padding.</param>
    /// <param name="rotation">How queries and keys turn; null when they do not.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask, Rotation? rotation)
    {
        using var scope = NewDisposeScope();
        Tensor attended = Sublayer(tokens, attentionNorm, x => attention.Forward(x, mask, rotation));
        return Sublayer(attended, feedForwardNorm, feedForward.forward).MoveToOuterDisposeScope();
    }

    private Tensor Sublayer(Tensor tokens, LayerNorm norm, Func<Tensor, Tensor> branch) => _norm == NormPlacement.Pre
        ? tokens + dropout.forward(branch(norm.forward(tokens)))
        : norm.forward(tokens + dropout.forward(branch(tokens)));
}
