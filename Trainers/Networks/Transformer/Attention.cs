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
        int projected = checked(options.QueryWidth + 2 * options.KeyWidth);
        input = new LinearLayer(options.Width, projected, options.WeightDeviation(options.Width), generator, options.AttentionInputBias);
        output = new LinearLayer(options.QueryWidth, options.Width, outputDeviation, generator, options.AttentionOutputBias);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape.</summary>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="mask">What <see cref="AttentionMask.Scores"/> made, causality included; null when every token sees all that it may.</param>
    /// <param name="rotation">How queries and keys turn; null when they do not.</param>
    /// <param name="past">The keys and values of the tokens before, to which those of these are added; null when there are none.</param>
    /// <param name="others"><c>[rows, count, width]</c>: tokens that are seen behind these and do not look themselves, without rotation; null
    /// when there are none.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask, Rotation? rotation, KeyValueLayer? past = null, Tensor? others = null)
    {
        Tensor[] parts = input.forward(tokens).split([_options.QueryWidth, _options.KeyWidth, _options.KeyWidth], -1);
        Tensor queries = Heads(parts[0]), keys = Heads(parts[1]), values = Heads(parts[2]);
        if (rotation is not null)
            (queries, keys) = (rotation.Apply(queries), rotation.Apply(keys));
        if (past is not null)
            (keys, values) = past.Append(keys, values);
        if (others is not null)
        {
            Tensor[] seen = input.OutputsFrom(_options.QueryWidth, others).chunk(2, -1);
            (keys, values) = (cat([keys, Heads(seen[0])], 2), cat([values, Heads(seen[1])], 2));
        }

        // The last of several tokens sees all; one token behind cached ones is the last.
        bool isCausal = mask is null && _options.IsCausal && queries.shape[2] == keys.shape[2];
        // A single token's queries of a group read its keys together, as if they were tokens: nothing is copied.
        Tensor mixed = queries.shape[2] == 1
            ? nn.functional.scaled_dot_product_attention(queries.reshape(queries.shape[0], keys.shape[1], -1, _options.HeadSize), keys, values, mask)
            : nn.functional.scaled_dot_product_attention(queries, ForEachQuery(keys), ForEachQuery(values), mask, is_casual: isCausal);
        return output.forward(mixed.reshape(queries.shape).transpose(1, 2).reshape(tokens.shape[0], tokens.shape[1], _options.QueryWidth));
    }

    /// <summary><c>[rows, length, heads * headSize]</c> to <c>[rows, heads, length, headSize]</c>.</summary>
    private Tensor Heads(Tensor part) => part.unflatten(2, [-1, _options.HeadSize]).transpose(1, 2);

    /// <summary>Each head of keys or values as often as there are query heads in its group.</summary>
    private Tensor ForEachQuery(Tensor heads)
    {
        int group = _options.QueryWidth / _options.KeyWidth;
        return group == 1 ? heads : heads.unsqueeze(2).expand(-1, -1, group, -1, -1).flatten(1, 2);
    }
}
