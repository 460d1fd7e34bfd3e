using System.Text.RegularExpressions;

namespace MLNetExt.Evaluation;

/// <summary>Reads a verdict out of what a chat model wrote. It does not guess: "A" may be an article.</summary>
internal static partial class JudgeAnswer
{
    /// <summary>An A before a word that does not go on about a verdict is an article.</summary>
    private const string Label =
        @"(?:(?<A>A)(?!\s+(?!is\b|was\b|wins\b|because\b|as\b|since\b|due\b|over\b|by\b|for\b|and\b|with\b)\w)|(?<B>B)|(?<tie>C|(?i:tie|tied|draw|equal|both|neither)))";

    private const string Noun = @"(?:(?i:the\s+)?(?i:response|option|completion|answer|assistant)[\s_]+)?";
    private const string Marks = @"[\s""'`*_:=\-\[\](){}.!]*";

    /// <summary>The verdict: a marked one, or else a stated one, or else an answer that is nothing but a letter.</summary>
    public static PreferenceVerdict Read(string answer)
    {
        string text = Thoughts().Replace(answer, "").Trim();
        return Last(Bracketed().Matches(text)) ?? Last(Stated().Matches(text)) ?? Agreeing(Preferred().Matches(text)) ?? Alone(text) ?? PreferenceVerdict.Unreadable;
    }

    /// <summary>Judges weigh first and decide last.</summary>
    private static PreferenceVerdict? Last(MatchCollection matches) => matches.Count == 0 ? null : VerdictOf(matches[^1]);

    private static PreferenceVerdict? Agreeing(MatchCollection matches)
    {
        PreferenceVerdict[] verdicts = [.. matches.Select(VerdictOf).Distinct()];
        return verdicts.Length switch { 0 => null, 1 => verdicts[0], _ => PreferenceVerdict.Unreadable };
    }

    /// <summary>A line that holds a label alone, the first or the last; or a first line that begins with one, if no other line does.</summary>
    private static PreferenceVerdict? Alone(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0)
            return null;
        if (lines.Length == 1 && LetterAlone().Match(lines[0]) is { Success: true } letter)
            return VerdictOf(letter);
        Match[] whole = [.. new[] { lines[0], lines[^1] }.Distinct().Select(line => LabelAlone().Match(line)).Where(match => match.Success)];
        if (whole.Length > 0)
            return whole.Select(VerdictOf).Distinct().Count() == 1 ? VerdictOf(whole[0]) : null;
        Match[] leading = [.. lines.Select(line => LabelFirst().Match(line)).Where(match => match.Success)];
        return leading.Length == 1 && LabelFirst().Match(lines[0]) is { Success: true } first ? VerdictOf(first) : null;
    }

    private static PreferenceVerdict VerdictOf(Match match) =>
        match.Groups["A"].Success ? PreferenceVerdict.First : match.Groups["B"].Success ? PreferenceVerdict.Second : PreferenceVerdict.Tie;

    /// <summary>What reasoning models write before they answer.</summary>
    [GeneratedRegex(@"^.*</think(?:ing)?>|<think(?:ing)?>.*$", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Thoughts();

    /// <summary>[[A]]</summary>
    [GeneratedRegex(@"\[\[\s*(?:(?<A>[Aa])|(?<B>[Bb])|(?<tie>[Cc]|(?i:tie|tied|draw)))\s*\]\]")]
    private static partial Regex Bracketed();

    /// <summary>Verdict: A. The winner is response A. {"answer": "A"}</summary>
    [GeneratedRegex(
        @"\b(?i:answer|verdict|winner|choice|decision|judge?ment|preference|(?:preferred|better|best)(?:\s+(?:response|one|completion))?)[\s""'`*_]*(?:[:=]|(?i:is|would\s+be)\b)" +
        Marks + @"(?:" + Noun + Marks + Label + @"|(?i:an?\s+(?<tie>tie|draw)))(?!\w|['’])")]
    private static partial Regex Stated();

    /// <summary>Response A is better. A wins. I prefer B. It is a tie.</summary>
    [GeneratedRegex(
        @"(?<!\b(?i:(?:not|[a-z]+n['’]t)\s+(?:think|believe|say)(?:\s+that)?|whether|if)\s+" + Noun + @")\b(?:(?<A>A)|(?<B>B))" +
        @"(?i:\s+(?:is|was|seems)(?:\s+(?:clearly|slightly|much|the|far|overall|somewhat|marginally))*\s+(?:better|best|preferable|preferred|superior|winner)|\s+wins)\b" +
        @"|\b(?i:prefer|choose|pick|select|favou?r)\s+" + Noun + @"(?:(?<A>A)|(?<B>B))(?=\s*(?:[.,;!)]|$|\bover\b|\bbecause\b))" +
        @"|\b(?i:it\s+is|it's|this\s+is|they\s+are)\s+(?i:a\s+)?(?<tie>(?i:tie|draw|tied|equal))\b",
        RegexOptions.Multiline)]
    private static partial Regex Preferred();

    [GeneratedRegex("^" + Marks + @"(?:(?<A>[Aa])|(?<B>[Bb])|(?<tie>[Cc]))" + Marks + "$")]
    private static partial Regex LetterAlone();

    [GeneratedRegex("^" + Marks + Noun + Marks + Label + Marks + "$")]
    private static partial Regex LabelAlone();

    [GeneratedRegex("^" + @"[\s*_""'(]*" + Noun + Label + @"[*_""']*(?:[.,;!)]|\s*$)")]
    private static partial Regex LabelFirst();
}
