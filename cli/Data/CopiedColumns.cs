namespace MLNetExt.Cli.Data;

/// <summary>Columns that pass from a data file to a result as they are, under a name that no column of a model has.</summary>
internal static class CopiedColumns
{
    /// <summary>What a copied column is called in a view.</summary>
    public static string NameOf(string column) => $"mlnetext.copy.{column}";

    /// <summary>The columns as a loader loads them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="option">The option that asks for them.</param>
    /// <exception cref="UserErrorException">The file has no such column.</exception>
    public static IReadOnlyList<(string Name, string Source)> Of(TableFile file, IEnumerable<string> columns, string option)
    {
        (string Name, string Source)[] copied = [.. columns.Distinct().Select(c => (NameOf(c), c))];
        foreach ((_, string source) in copied)
            file.IndexOf(source, option);
        return copied;
    }
}
