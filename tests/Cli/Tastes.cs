using System.Globalization;
using System.Text.Json;

namespace MLNetExt.Tests.Cli;

/// <summary>Pairs of continuations of verses: colours are preferred to things.</summary>
internal static class Tastes
{
    private const int WordsOfCompletion = 5;
    private static readonly string[] s_colours = ["red", "green", "blue", "small", "large", "round"], s_things = ["stone", "river", "cloud", "garden", "window", "morning"];

    /// <summary>Pairs, none twice; completions begin with a blank.</summary>
    public static IEnumerable<(string Prompt, string Chosen, string Rejected)> Pairs(int count, int seed = 1)
    {
        var random = new Random(seed);
        string Words(string[] from) => string.Concat(Enumerable.Range(0, WordsOfCompletion).Select(_ => " " + from[random.Next(from.Length)]));
        for (int i = 0; i < count; i++)
            yield return (string.Create(CultureInfo.InvariantCulture, $"Verse {seed}-{i}:"), Words(s_colours), Words(s_things));
    }

    /// <summary>A table of them, with the columns "part" (train, valid, test), "prompt", "chosen" and "rejected".</summary>
    public static IEnumerable<string> Table(int count) =>
        ["part,prompt,chosen,rejected", .. Pairs(count).Select((pair, i) => $"{Part(i)},{pair.Prompt},\"{pair.Chosen}\",\"{pair.Rejected}\"")];

    /// <summary>JSON Lines of whole texts: prompts stand at the beginning of the completions.</summary>
    public static IEnumerable<string> WholeTexts(int count) =>
        Pairs(count).Select((pair, i) => JsonSerializer.Serialize(new { split = Part(i), chosen = pair.Prompt + pair.Chosen, rejected = pair.Prompt + pair.Rejected }));

    /// <summary>JSON Lines of single completions with labels.</summary>
    public static IEnumerable<string> Labelled(int count) => Pairs(count).SelectMany((pair, i) => new[]
    {
        JsonSerializer.Serialize(new { part = Part(i), prompt = pair.Prompt, text = pair.Chosen, good = true }),
        JsonSerializer.Serialize(new { part = Part(i), prompt = pair.Prompt, text = pair.Rejected, good = false }),
    });

    /// <summary>Trains a small model of verses, which has no taste yet.</summary>
    public static string TrainStart(this Workplace place, params string[] more)
    {
        Workplace.Outcome outcome = place.TrainVerses(
            place.Write("verses.txt", Verses.Lines(40)), ["--documents", "lines", .. more.Contains("--epochs") ? more : ["--epochs", "4", .. more], "--learning-rate", "0.01", "--huggingface", place["start"]]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return place["start"];
    }

    private static string Part(int row) => (row % 6) switch { 4 => "valid", 5 => "test", _ => "train" };
}
