namespace MLNetExt.Cli.Data;

/// <summary>What the user may have meant.</summary>
internal static class NearNames
{
    private const int MostListed = 10;

    /// <summary>A sentence that offers the nearest names, or lists them all when none is near.</summary>
    public static string Suggest(string wanted, IReadOnlyList<string> names)
    {
        string[] near = [.. names
            .Select(name => (name, distance: Distance(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.distance <= Math.Max(1, (wanted.Length + 1) / 3))
            .OrderBy(n => n.distance)
            .Take(3)
            .Select(n => $"'{n.name}'")];
        return near.Length > 0
            ? $"Did you mean {string.Join(" or ", near)}?"
            : $"It has {string.Join(", ", names.Take(MostListed).Select(n => $"'{n}'"))}{(names.Count > MostListed ? $" and {names.Count - MostListed} more" : "")}.";
    }

    /// <summary>The Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
