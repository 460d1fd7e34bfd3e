namespace MLNetExt.Masking;

/// <summary>Checks of the names that options give to columns.</summary>
internal static class ColumnNames
{
    /// <exception cref="ArgumentException">A name is empty, or two of the added columns have the same.</exception>
    public static void Check(string input, params (string Option, string? Name)[] added)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input, "InputColumnName");
        foreach ((string option, string? name) in added)
            ArgumentException.ThrowIfNullOrWhiteSpace(name, option);
        if (added.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"{string.Join(" and ", same.Select(column => column.Option))} are both '{same.Key}': they must differ.", same.First().Option);
    }
}
