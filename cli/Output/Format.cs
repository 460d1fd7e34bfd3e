using System.Globalization;

namespace MLNetExt.Cli.Output;

/// <summary>How people read numbers.</summary>
internal static class Format
{
    /// <summary>A fraction as per cent.</summary>
    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:F2} %");

    public static string Decimal(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A rank, which may lie between two.</summary>
    public static string Rank(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
}
