namespace MLNetExt.Benchmarks;

/// <summary>The tables of docs/*-results.md, by the name that selects one.</summary>
internal static class EffectTables
{
    private static readonly (string Name, Action Print)[] s_tables =
    [
        ("squentropy", SquentropyTables.Print),
        ("halves", ContrastiveTables.PrintHalves),
        ("fashion", ContrastiveTables.PrintFashion),
        ("openclipart", ContrastiveTables.PrintClipart),
        ("goldfish", GoldfishTables.Print),
        ("shakespeare", ShakespeareTables.Print),
        ("repetition", RepetitionTables.Print),
        ("reward", RewardTables.Print),
        ("harmless", HarmlessModelTables.Print),
        ("dropping", DroppingTables.Print),
        ("banking", TextClassifierTables.PrintBanking),
        ("reviews", TextClassifierTables.PrintReviews),
    ];

    /// <summary>Prints the tables whose name contains <paramref name="filter"/>.</summary>
    /// <exception cref="ArgumentException">No table is so named.</exception>
    public static void Print(string filter)
    {
        (string Name, Action Print)[] chosen = [.. s_tables.Where(table => table.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0)
            throw new ArgumentException($"No table is named '{filter}': there are {string.Join(", ", s_tables.Select(table => table.Name))}.");
        foreach ((_, Action print) in chosen)
            print();
    }
}
