namespace MLNetExt.Masking;

/// <summary>Checks of ids that are given as such. Tables are made of as many entries as the highest of them says, and a model's numbers may be anybody's.</summary>
internal static class TokenIds
{
    /// <summary>More tokens than a vocabulary has.</summary>
    public const int Limit = 1 << 24;

    /// <exception cref="ArgumentException">The list is null, or one of the ids is none.</exception>
    public static IReadOnlyList<int> Checked(IReadOnlyList<int> ids, string name)
    {
        ArgumentNullException.ThrowIfNull(ids, name);
        foreach (int id in ids)
        {
            if (id is < 0 or >= Limit)
                throw new ArgumentOutOfRangeException(name, id, $"{name} holds {id}: ids lie in [0, {Limit}).");
        }
        return ids;
    }

    public static int CheckedSize(int size, string name) =>
        size is >= 1 and <= Limit ? size : throw new ArgumentOutOfRangeException(name, size, $"{name} must lie in [1, {Limit}].");
}
