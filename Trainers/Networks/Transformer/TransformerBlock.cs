using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>One transformer block: attention, then the feed-forward layers, each with its residual connection and norm.</summary>
internal sealed class TransformerBlock : nn.Module
{
    private readonly NormPlacement _norm;
    private readonly nn.Module<Tensor, Tensor> attentionNorm;
    private readonly Attention attention;
    private readonly nn.Module<Tensor, Tensor> feedForwardNorm;
    private readonly FeedForward feedForward;
    private readonly SeededDropout dropout;

    /// <param name="options">The shape of the stack.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the block does not own it.</param>
    public TransformerBlock(TransformerOptions options, Generator generator)
        : base(nameof(TransformerBlock))
    {
        _norm = options.Norm;
        attentionNorm = Norms.Create(options);
        attention = new Attention(options, options.OutputDeviation(options.QueryWidth), generator);
        feedForwardNorm = Norms.Create(options);
        feedForward = new FeedForward(options, options.OutputDeviation(options.HiddenWidth), generator);
        dropout = new SeededDropout(options.Dropout, generator);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape, in the caller's dispose scope.</summary>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="mask">What <see cref="AttentionMask.Scores"/> made; null when every token sees all that it may.</param>
    /// <param name="rotation">How queries and keys turn; null when they do not.</param>
    /// <param name="past">This block's keys and values of the tokens before; null when there are none.</param>
    /// <param name="others">Tokens that are seen behind these and pass the block by, as they stand in the stream; null when there are none.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask, Rotation? rotation, KeyValueLayer? past = null, Tensor? others = null)
    {
        using var scope = NewDisposeScope();
        if (_norm == NormPlacement.Pre && others is not null)
            others = attentionNorm.forward(others);
        Tensor attended = Sublayer(tokens, attentionNorm, x => attention.Forward(x, mask, rotation, past, others));
        return Sublayer(attended, feedForwardNorm, feedForward.forward).MoveToOuterDisposeScope();
    }

    private Tensor Sublayer(Tensor tokens, nn.Module<Tensor, Tensor> norm, Func<Tensor, Tensor> branch) => _norm == NormPlacement.Pre
        ? tokens.Plus(dropout.forward(branch(norm.forward(tokens))))
        : norm.forward(tokens.Plus(dropout.forward(branch(tokens))));
}
