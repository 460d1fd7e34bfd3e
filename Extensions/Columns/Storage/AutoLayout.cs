using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>Decides <see cref="VectorLayout.Auto"/> by looking at the first rows.</summary>
internal static class AutoLayout
{
    private const int WidestDense = 256;
    private const int RowsToLookAt = 256;
    private const double SparseBelow = 0.25;

    public static IReadOnlyList<BoundColumn> Decide(IDataView data, IReadOnlyList<BoundColumn> columns)
    {
        BoundColumn[] wide = [.. columns.Where(c => c.Definition.Layout == VectorLayout.Auto && c.Width > WidestDense)];
        HashSet<string> sparse = wide.Length == 0 ? [] : FindSparse(data, wide);
        return [.. columns.Select(c => c.Definition.Layout != VectorLayout.Auto ? c
            : c.With(sparse.Contains(c.Name) ? VectorLayout.Sparse : VectorLayout.Dense))];
    }

    private static HashSet<string> FindSparse(IDataView data, BoundColumn[] columns)
    {
        VectorValue[] values = [.. columns.Select(c => new VectorValue(c))];
        var entries = new long[columns.Length];
        int rows = 0;
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Select(c => c.Source));
        foreach (VectorValue value in values)
            value.Attach(cursor);
        for (; rows < RowsToLookAt && cursor.MoveNext(); rows++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                values[c].Read();
                entries[c] += values[c].Current.GetValues().Length;
            }
        }
        return [.. columns.Where((column, c) => entries[c] < SparseBelow * column.Width * rows).Select(column => column.Name)];
    }
}
