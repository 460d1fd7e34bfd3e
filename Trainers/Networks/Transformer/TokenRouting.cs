using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The way of tokens through layers of which the middle ones read only some of them.</summary>
/// <remarks>
/// Token dropping: Hou et al., "Token Dropping for Efficient BERT Pretraining", ACL 2022, arXiv 2203.13240. With the roles of
/// <see cref="LayerRoles"/>, x the output of the full layers, s the selected tokens and u the others:
/// <code>s ← cross(queries s, keys and values [s, u]);  s ← reduced(s);  out = last(s and u, each in its place)</code>
/// The others re-enter the last layer with the value that they had before the cross layer.
/// </remarks>
internal static class TokenRouting
{
    /// <summary>Runs the layers; with all tokens selected it computes what it does without a selection.</summary>
    /// <param name="tokens"><c>[rows, length, width]</c>.</param>
    /// <param name="layers">Their number.</param>
    /// <param name="selection">The selected tokens; null for layers that all read all.</param>
    /// <param name="layer">One layer, by its number, its role, the tokens, and those that are only seen, in the cross layer: to the tokens' shape.</param>
    /// <exception cref="ArgumentException">There is a selection and fewer than two layers, or it is not one of these tokens.</exception>
    public static HiddenStates Run(Tensor tokens, int layers, TokenSelection? selection, Func<int, LayerRole, Tensor, Tensor?, Tensor> layer)
    {
        IReadOnlyList<LayerRole> roles = selection is null ? [.. Enumerable.Repeat(LayerRole.Full, layers)] : LayerRoles.Of(layers);
        Tensor penultimate = tokens;
        Tensor? dropped = null;
        for (int i = 0; i < layers; i++)
        {
            if (roles[i] == LayerRole.Cross)
                (tokens, dropped) = selection!.Split(tokens);
            else if (roles[i] == LayerRole.Merge)
                tokens = selection!.Merge(tokens, dropped!);
            penultimate = tokens;
            tokens = layer(i, roles[i], tokens, roles[i] == LayerRole.Cross ? dropped : null);
        }

        return new HiddenStates(penultimate, tokens);
    }
}
