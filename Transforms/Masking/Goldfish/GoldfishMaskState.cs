namespace MLNetExt.Masking;

/// <summary>What a saved <see cref="GoldfishMaskTransformer"/> has in its header.</summary>
internal sealed record GoldfishMaskState(string OutputColumnName, string InputColumnName, string? DocumentColumnName, bool ExemptSpecialTokens, GoldfishRule Rule)
{
    public GoldfishRule Rule { get; } = Rule.K >= 2 ? Rule : throw new ArgumentOutOfRangeException(
        nameof(GoldfishRule.K), Rule.K, "K must be at least 2: one of K tokens is dropped, and 1 would leave nothing to learn.");
}
