namespace MLNetExt.Evaluation;

/// <summary>What a training step with token dropping costs against one without, counted in the products of an encoder's linear layers.</summary>
/// <remarks>
/// A layer has 4 width² products a token in its attention's projections and 2 · width · feedForwardWidth in its feed-forward layers; attention itself, norms, embeddings and the head are not
/// counted. Of L layers, L/2 − 1 read all tokens; one reads the kept tokens' queries and all tokens' keys and values; the following read the kept tokens; the last reads all (Hou et al., ACL 2022, arXiv 2203.13240).
/// A step that compares with a full pass (ScTD, Zhong et al., ACL 2023, arXiv 2305.15273) costs one more.
/// </remarks>
public static class TokenDroppingCost
{
    /// <summary>The cost of a step that drops tokens, relative to a full one.</summary>
    /// <param name="layers">L, at least 2.</param>
    /// <param name="keepRatio">The share of tokens that are kept, in [0, 1].</param>
    /// <param name="feedForwardRatio">The feed-forward layers' width over the width, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double OfStep(int layers, double keepRatio, double feedForwardRatio = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 2);
        if (!(keepRatio is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(keepRatio), keepRatio, "keepRatio must be in [0, 1].");
        if (!(feedForwardRatio > 0))
            throw new ArgumentOutOfRangeException(nameof(feedForwardRatio), feedForwardRatio, "feedForwardRatio must be above 0.");
        double keysAndValues = 2, all = 4 + 2 * feedForwardRatio;
        int full = layers / 2 - 1, reduced = layers - layers / 2 - 1;
        double cross = (keysAndValues + keepRatio * (all - keysAndValues)) / all;
        return (full + cross + reduced * keepRatio + 1) / layers;
    }

    /// <summary>The mean cost of a step where every so many-th compares with a full pass.</summary>
    /// <param name="layers">L, at least 2.</param>
    /// <param name="keepRatio">The share of tokens that are kept, in [0, 1].</param>
    /// <param name="interval">Every how many steps; at least 1.</param>
    /// <param name="feedForwardRatio">The feed-forward layers' width over the width, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double OfComparedStep(int layers, double keepRatio, int interval, double feedForwardRatio = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        return OfStep(layers, keepRatio, feedForwardRatio) + 1.0 / interval;
    }
}
