using System.Globalization;

namespace MLNetExt.Tests.Cli;

/// <summary>Short documents that a small language model learns in no time.</summary>
internal static class Verses
{
    private static readonly string[] s_words = ["red", "green", "blue", "small", "large", "round", "stone", "river", "cloud", "garden", "window", "morning"];

    /// <summary>Sentences, none twice.</summary>
    public static IEnumerable<string> Lines(int count, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
            yield return string.Join(' ', Enumerable.Range(0, 14).Select(_ => s_words[random.Next(s_words.Length)]).Prepend(string.Create(CultureInfo.InvariantCulture, $"Verse {seed}-{i}:")));
    }

    /// <summary>A table of them, with the columns "part" (train, valid, test) and "verse".</summary>
    public static IEnumerable<string> Table(int count) =>
        ["part,verse", .. Lines(count).Select((line, i) => $"{(i % 6) switch { 4 => "valid", 5 => "test", _ => "train" }},{line}")];

    /// <summary>Trains a small encoder for a short time, unless more is asked for, with the result as JSON.</summary>
    public static Workplace.Outcome TrainEncoder(this Workplace place, string data, params string[] more)
    {
        (string Option, string Value)[] small =
            [("--out", place["model.zip"]), ("--vocabulary", "120"), ("--context", "24"), ("--width", "16"), ("--layers", "2"), ("--heads", "2"), ("--batch-size", "8"), ("--epochs", "1")];
        bool goesOn = more.Contains("--from");
        return Workplace.Run(
            ["train", "encoder", data, "--json", .. small.Where(o => !more.Contains(o.Option) && (!goesOn || o.Option is "--out" or "--batch-size" or "--epochs")).SelectMany(o => new[] { o.Option, o.Value }), .. more]);
    }

    /// <summary>Trains a small model for a short time, unless more is asked for, with the result as JSON.</summary>
    public static Workplace.Outcome TrainVerses(this Workplace place, string data, params string[] more)
    {
        (string Option, string Value)[] small =
            [("--vocabulary", "300"), ("--context", "48"), ("--width", "16"), ("--layers", "1"), ("--heads", "2"), ("--batch-size", "8"), ("--epochs", "1")];
        return Workplace.Run(
            ["train", "lm", data, "--out", place["model.zip"], "--json", .. small.Where(o => !more.Contains(o.Option)).SelectMany(o => new[] { o.Option, o.Value }), .. more]);
    }
}
