namespace MLNetExt.Tests.Cli;

/// <summary>Short texts whose words tell their class.</summary>
internal static class Tickets
{
    private static readonly (string Class, string[] Words)[] s_classes =
    [
        ("billing", ["invoice", "refund", "price", "payment"]),
        ("login", ["password", "account", "locked", "email"]),
        ("shipping", ["parcel", "courier", "address", "delivery"]),
    ];

    private static readonly string[] s_others = ["please", "the", "my", "was", "help", "with", "today", "again"];

    /// <summary>Texts and their classes, in turn.</summary>
    public static IEnumerable<(string Text, string Class)> Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            (string name, string[] words) = s_classes[i % s_classes.Length];
            string[] text = [.. Enumerable.Range(0, 5).Select(_ => s_others[random.Next(s_others.Length)]), .. Enumerable.Range(0, 2).Select(_ => words[random.Next(words.Length)])];
            random.Shuffle(text);
            yield return (string.Join(' ', text), name);
        }
    }

    /// <summary>A table of them, with the columns "part" (train, valid, test), "text" and "topic".</summary>
    public static IEnumerable<string> Table(int count) =>
        ["part,text,topic", .. Rows(count).Select((row, i) => $"{(i / 3 % 6) switch { 4 => "valid", 5 => "test", _ => "train" }},{row.Text},{row.Class}")];

    /// <summary>Trains a small classifier of the column "text" for a short time, unless more is asked for, with the result as JSON.</summary>
    public static Workplace.Outcome TrainTickets(this Workplace place, string data, params string[] more)
    {
        (string Option, string Value)[] small =
        [
            ("--out", place["model.zip"]), ("--text", "text"), ("--label", "topic"), ("--vocabulary", "120"), ("--context", "16"), ("--width", "16"), ("--layers", "2"), ("--heads", "2"),
            ("--batch-size", "8"), ("--epochs", "8"), ("--learning-rate", "5e-3"),
        ];
        string[] ofNetwork = more.Contains("--pretrained") ? ["--vocabulary", "--context", "--width", "--layers", "--heads"] : [];
        return Workplace.Run(
            ["train", "text-classifier", data, "--json", .. small.Where(o => !more.Contains(o.Option) && !ofNetwork.Contains(o.Option)).SelectMany(o => new[] { o.Option, o.Value }), .. more]);
    }
}
