namespace MLNetExt.Tests.Objectives;

/// <summary>The candidates of a token in a golden file.</summary>
internal sealed record Candidates(int[] Tokens, double[] Shares)
{
    public static Candidates? Of(GoldenCase? item)
        => item is null ? null : new([.. item.Vector("tokens").Select(t => (int)t)], item.Vector("probs"));

    /// <summary>A draw in [0, 1) that takes a token.</summary>
    public double DrawOf(int token)
    {
        int i = Array.IndexOf(Tokens, token);
        return Shares.Take(i).Sum() + Shares[i] / 2;
    }
}
