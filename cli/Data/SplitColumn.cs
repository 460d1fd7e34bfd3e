using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>The rule of <c>--split-column</c>: rows that say "test" are the test part; those that say "valid" validate where the trainer
/// takes a validation part, and are for training like all others where it does not.</summary>
internal static class SplitColumn
{
    /// <summary>What the column is called in a loaded view.</summary>
    public const string Name = "mlnetext.split";

    public static bool IsTest(string? value) => Says(value, "test");

    public static bool IsValidation(string? value) => Says(value, "valid") || Says(value, "validation");

    /// <summary>The rows whose value belongs to a part.</summary>
    public static IDataView Part(MLContext ml, IDataView rows, Func<string?, bool> belongs) =>
        ml.Data.FilterByCustomPredicate<SplitRow>(rows, row => !belongs(row.Split));

    private static bool Says(string? value, string part) => string.Equals(value?.Trim(), part, StringComparison.OrdinalIgnoreCase);

    private sealed class SplitRow
    {
        [ColumnName(Name)]
        public string? Split { get; set; }
    }
}
