using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>The rule of <c>--split-column</c>: rows that say "test" are the test part, all others (train, valid) are for training.</summary>
internal static class SplitColumn
{
    /// <summary>What the column is called in a loaded view.</summary>
    public const string Name = "mlnetext.split";

    public static bool IsTest(string? value) => string.Equals(value?.Trim(), "test", StringComparison.OrdinalIgnoreCase);

    /// <summary>The rows of one part.</summary>
    public static IDataView Part(MLContext ml, IDataView rows, bool test) =>
        ml.Data.FilterByCustomPredicate<SplitRow>(rows, row => IsTest(row.Split) != test);

    private sealed class SplitRow
    {
        [ColumnName(Name)]
        public string? Split { get; set; }
    }
}
