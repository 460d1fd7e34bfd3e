using Microsoft.ML;

namespace MLNetExt.Benchmarks;

/// <summary>A table of samples/data in its two parts, cached in memory, with the same keys.</summary>
/// <param name="Train">The rows marked train and valid.</param>
/// <param name="Test">The rows marked test.</param>
internal sealed record Table(IDataView Train, IDataView Test)
{
    public static Table Read(MLContext context, string fileName)
    {
        IReadOnlyList<LabelledRow> rows = LabelledRow.Read(Repository.Sample(fileName));
        string[] labels = [.. rows.Select(row => row.Label)];
        return new Table(
            LabelledRow.View(context, [.. rows.Where(row => row.Split != "test")], labels),
            LabelledRow.View(context, [.. rows.Where(row => row.Split == "test")], labels));
    }
}
