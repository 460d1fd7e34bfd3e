using System.Runtime.InteropServices;

namespace MLNetExt.Preference;

/// <summary>A pair as rounds train on it: tokens, with the end token where a completion has ended. Pairs of equal tokens are equal.</summary>
internal sealed class TokenPair : IEquatable<TokenPair>
{
    public int[] Prompt { get; init; } = [];

    public int[] Chosen { get; init; } = [];

    public int[] Rejected { get; init; } = [];

    public bool Equals(TokenPair? other) =>
        other is not null && Prompt.SequenceEqual(other.Prompt) && Chosen.SequenceEqual(other.Chosen) && Rejected.SequenceEqual(other.Rejected);

    public override bool Equals(object? obj) => Equals(obj as TokenPair);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int[] ids in new[] { Prompt, Chosen, Rejected })
            hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
        return hash.ToHashCode();
    }
}
