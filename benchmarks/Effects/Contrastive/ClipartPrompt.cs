namespace MLNetExt.Benchmarks;

/// <summary>A category, and how a keyword would put it: keywords are in the singular.</summary>
/// <param name="Label">The category.</param>
/// <param name="Caption">The prompt.</param>
internal sealed record ClipartPrompt(string Label, string Caption)
{
    private static readonly Dictionary<string, string> s_singulars = new()
    {
        ["animals"] = "animal",
        ["buildings"] = "building",
        ["containers"] = "container",
        ["plants"] = "plant",
        ["signs and symbols"] = "sign, symbol",
        ["tools"] = "tool",
    };

    public static ClipartPrompt Of(string category) => new(category, s_singulars.GetValueOrDefault(category, category));
}
