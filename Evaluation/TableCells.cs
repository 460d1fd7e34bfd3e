using System.Globalization;

namespace MLNetExt.Evaluation;

/// <summary>How tables print numbers: the same in every culture.</summary>
internal static class TableCells
{
    public const string NotAvailable = "n/a";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string PerCent(double? fraction) => fraction is { } share ? Number(100 * share, "0.0") + " %" : NotAvailable;

    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? NotAvailable;
}
