using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>Texts of a set that is no part of the repository, in two parts.</summary>
internal sealed record LabelledTexts(IReadOnlyList<LabelledText> Train, IReadOnlyList<LabelledText> Test)
{
    private const int HeldOutShare = 10;

    /// <summary>banking77: questions of a bank's customers, 77 intents; null when it is not there.</summary>
    public static LabelledTexts? Banking(MLContext context) => Read(context, "banking77", "train.csv", "test.csv", ',');

    /// <summary>sst2: phrases of film reviews, praise or blame; null when it is not there.</summary>
    public static LabelledTexts? Reviews(MLContext context) => Read(context, "sst2", "train.tsv", "test.tsv", '\t');

    /// <summary>A tenth of the training part in the place of the test part: to choose settings by.</summary>
    public LabelledTexts HeldOut(int seed)
    {
        LabelledText[] shuffled = Shuffled(seed);
        int count = shuffled.Length / HeldOutShare;
        return new(shuffled[count..], shuffled[..count]);
    }

    /// <summary>So many training rows of each class, or all that a class has.</summary>
    public LabelledTexts Few(int rowsPerClass, int seed) => this with { Train = [.. Shuffled(seed).GroupBy(row => row.Label).SelectMany(rows => rows.Take(rowsPerClass))] };

    private LabelledText[] Shuffled(int seed)
    {
        LabelledText[] rows = [.. Train];
        new Random(seed).Shuffle(rows);
        return rows;
    }

    private static LabelledTexts? Read(MLContext context, string name, string train, string test, char separator)
    {
        if (Repository.SharedData(name) is not { } folder)
            return null;
        var columns = new[] { new TextLoader.Column(nameof(LabelledText.Text), DataKind.String, 0), new TextLoader.Column(nameof(LabelledText.Label), DataKind.String, 1) };
        // Tabs separate where quotation marks are part of the text.
        TextLoader loader = context.Data.CreateTextLoader(new TextLoader.Options { Columns = columns, HasHeader = true, Separators = [separator], AllowQuoting = separator == ',' });
        LabelledText[] Rows(string file) => [.. context.Data.CreateEnumerable<LabelledText>(loader.Load(Path.Combine(folder, file)), reuseRowObject: false)];
        return new(Rows(train), Rows(test));
    }
}
