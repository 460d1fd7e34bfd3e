namespace MLNetExt.Evaluation;

/// <summary>The font of drawn pictures.</summary>
internal static class PlotFont
{
    private static readonly string[] Preferred =
        ["Inter", "Segoe UI", "Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans", "Open Sans", "Roboto"];

    /// <summary>The most readable of the installed families.</summary>
    /// <exception cref="InvalidOperationException">None is installed: Skia would draw the picture without any text, and say nothing.</exception>
    public static string Choose(IEnumerable<string> installed)
    {
        // Skia without fonts lists one family without a name.
        string[] families = [.. installed.Where(family => family.Length > 0)];
        if (families.Length == 0)
            throw new InvalidOperationException(
                "This system has no font, so a PNG would have no text. Install one (Debian, Ubuntu: apt-get install fonts-dejavu-core), or save SVG, which needs none.");
        return Preferred.FirstOrDefault(families.Contains)
            ?? families.FirstOrDefault(family => family.Contains("Sans", StringComparison.OrdinalIgnoreCase))
            ?? families[0];
    }
}
