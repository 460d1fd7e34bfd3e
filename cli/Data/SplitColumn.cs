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

    /// <summary>The rows of a file in memory that are the test part.</summary>
    /// <param name="column">The column, as the user names it.</param>
    /// <param name="rows">The rows, and what the column says of each.</param>
    /// <exception cref="UserErrorException">No row says "test".</exception>
    public static IReadOnlyList<T> TestRows<T>(string column, IReadOnlyList<(T Row, string? Part)> rows)
    {
        T[] test = [.. rows.Where(r => IsTest(r.Part)).Select(r => r.Row)];
        return test.Length > 0 ? test : throw new UserErrorException(
            $"--split-column {column}: no row says 'test'; it holds {string.Join(", ", rows.Select(r => r.Part).Distinct().Take(5).Select(v => $"'{v}'"))}.");
    }

    private static bool Says(string? value, string part) => string.Equals(value?.Trim(), part, StringComparison.OrdinalIgnoreCase);

    private sealed class SplitRow
    {
        [ColumnName(Name)]
        public string? Split { get; set; }
    }
}
