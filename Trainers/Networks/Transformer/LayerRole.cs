namespace MLNetExt.Networks;

/// <summary>What a layer does when the middle layers read only some of the tokens (token dropping, arXiv 2203.13240).</summary>
internal enum LayerRole
{
    /// <summary>All tokens read all.</summary>
    Full,

    /// <summary>The selected tokens read all; the others pass the layer by.</summary>
    Cross,

    /// <summary>The selected tokens read themselves.</summary>
    Reduced,

    /// <summary>The last layer: the others are back in their places, and all read all.</summary>
    Merge,
}

internal static class LayerRoles
{
    /// <summary>The roles of so many layers: the first half full, but for the last of them that crosses; then reduced ones up to the one that merges.</summary>
    /// <exception cref="ArgumentException">There are fewer than two layers.</exception>
    public static IReadOnlyList<LayerRole> Of(int layers)
    {
        NetworkCheck.Require(layers >= 2, $"The network has {layers} layer: tokens can be dropped between two layers or more.");
        int cross = layers / 2 - 1;
        return [.. Enumerable.Repeat(LayerRole.Full, cross), LayerRole.Cross, .. Enumerable.Repeat(LayerRole.Reduced, layers - cross - 2), LayerRole.Merge];
    }
}
