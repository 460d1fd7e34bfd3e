using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Multi-head self-attention (arXiv 1706.03762): softmax(Q Kᵀ / √headSize + mask) V, one projection for Q, K and V of all heads.</summary>
internal sealed class Attention : nn.Module
{
    private readonly TransformerOptions _options;
    private readonly LinearLayer input;
    private readonly LinearLayer output;

    /// <param name="options">The shape of the stack.</param>
    /// <param name="outputDeviation">The standard deviation of the output projection's initial weights.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public Attention(TransformerOptions options, double outputDeviation, Generator generator)
        : base(nameof(Attention))
    {
        _options = options;
        input = new LinearLayer(options.Width, 3 * options.Width, 1 / Math.Sqrt(options.Width), generator);
        output = new LinearLayer(options.Width, options.Width, outputDeviation, generator);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape.</summary>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="mask">What <see cref="AttentionMask.Scores"/> made, causality included; null when there is no padding.</param>
    /// <param name="rotation">How queries and keys turn; null when they do not.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask, Rotation? rotation)
    {
        long rows = tokens.shape[0], length = tokens.shape[1];
        Tensor[] parts = input.forward(tokens).view(rows, length, 3, _options.Heads, _options.HeadSize).permute(2, 0, 3, 1, 4).unbind(0);
        (Tensor queries, Tensor keys) = rotation is null ? (parts[0], parts[1]) : (rotation.Apply(parts[0]), rotation.Apply(parts[1]));
        Tensor mixed = nn.functional.scaled_dot_product_attention(queries, keys, parts[2], mask, is_casual: mask is null && _options.IsCausal);
        return output.forward(mixed.transpose(1, 2).reshape(rows, length, _options.Width));
    }
}
