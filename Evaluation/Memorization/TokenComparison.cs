namespace MLNetExt.Evaluation;

/// <summary>Token-by-token comparisons of a generated continuation with the true one.</summary>
/// <remarks>Ids are compared, never text: encoding generated text again may give other ids for the same text.</remarks>
public static class TokenComparison
{
    /// <summary>Whether both have the same ids; a shorter continuation never matches.</summary>
    public static bool IsExactMatch(ReadOnlySpan<int> generated, ReadOnlySpan<int> reference) => generated.SequenceEqual(reference);

    /// <summary>The share of the reference's positions at which the generated id is the same, in [0, 1]; 0 for an empty reference.</summary>
    public static double TokenAccuracy(ReadOnlySpan<int> generated, ReadOnlySpan<int> reference)
    {
        int equal = 0;
        for (int i = 0; i < Math.Min(generated.Length, reference.Length); i++)
            equal += generated[i] == reference[i] ? 1 : 0;
        return reference.IsEmpty ? 0 : (double)equal / reference.Length;
    }

    /// <summary>The first position, counted from 0, at which the two differ; -1 when they do not. Where one ends the other differs.</summary>
    public static int FirstDivergence(ReadOnlySpan<int> generated, ReadOnlySpan<int> reference)
    {
        int common = generated.CommonPrefixLength(reference);
        return common == generated.Length && common == reference.Length ? -1 : common;
    }
}
