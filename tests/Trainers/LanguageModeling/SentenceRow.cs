namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A text for the contract.</summary>
public sealed class SentenceRow
{
    public string Sentence { get; set; } = "";

    /// <summary>Short texts that follow a rule which a small model can learn.</summary>
    public static SentenceRow[] Many(int rows) => [.. Enumerable.Range(0, rows).Select(i => new SentenceRow
    {
        Sentence = string.Concat(Enumerable.Range(0, 6 + i % 5).Select(t => (char)('a' + (i + 3 * t) % 20))),
    })];
}
