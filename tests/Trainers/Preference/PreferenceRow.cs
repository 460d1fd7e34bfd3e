namespace MLNetExt.Tests.Preference;

/// <summary>A pair for the contract, and a single completion.</summary>
public sealed class PreferenceRow
{
    public string Prompt { get; set; } = "";

    public string Chosen { get; set; } = "";

    public string Rejected { get; set; } = "";

    public string Completion { get; set; } = "";

    public bool Label { get; set; }

    /// <summary>Completions of letters: those are preferred that go on counting.</summary>
    public static PreferenceRow[] Many(int rows) => [.. Enumerable.Range(0, rows).Select(i =>
    {
        string chosen = Letters(i + 4, 3 + i % 4, step: 3), rejected = Letters(i + 2, 3 + i % 3, step: 5);
        return new PreferenceRow
        {
            Prompt = Letters(i, 4 + i % 3, step: 3),
            Chosen = chosen,
            Rejected = rejected,
            Completion = i % 2 == 0 ? chosen : rejected,
            Label = i % 2 == 0,
        };
    })];

    private static string Letters(int first, int count, int step) => string.Concat(Enumerable.Range(0, count).Select(t => (char)('a' + (first + step * t) % 20)));
}
