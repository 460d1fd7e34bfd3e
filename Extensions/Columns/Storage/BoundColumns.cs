using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>Finds several columns in a schema.</summary>
internal static class BoundColumns
{
    public static IReadOnlyList<BoundColumn> Bind(IReadOnlyList<BatchColumn> columns, DataViewSchema schema)
    {
        string? twice = columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"Column '{twice}' is asked for twice: a batch holds a column once.", nameof(columns));
        return [.. columns.Select(column => column.Bind(schema))];
    }
}
