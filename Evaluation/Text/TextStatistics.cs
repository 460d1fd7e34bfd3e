namespace MLNetExt.Evaluation;

/// <summary>What a set of generated texts is like: how much they repeat, how they differ, how long they are.</summary>
public sealed class TextStatistics
{
    private TextStatistics(IReadOnlyList<string> texts, IReadOnlyList<string>? references, TextStatisticsOptions options)
    {
        string[][] words = [.. texts.Select(text => Units(text, TextUnit.Word))];
        string[][] characters = [.. texts.Select(text => Units(text, TextUnit.Character))];
        string[][] units = options.Unit == TextUnit.Word ? words : characters;
        Unit = options.Unit;
        RepetitionLength = options.RepetitionLength;
        double[] repetition = [.. units.Select(items => NGrams.Repetition(items, options.RepetitionLength))];
        Repetition = Distribution.Of(repetition);
        RepeatingShare = repetition.Average(share => share > 0 ? 1.0 : 0);
        Distinct = options.DistinctLengths.Distinct().Order().ToDictionary(n => n, n => NGrams.Distinct(units, n));
        UnigramF1 = references is null ? null : Distribution.Of(texts.Zip(references, Evaluation.UnigramF1.Score));
        Words = Distribution.Of(words.Select(items => (double)items.Length));
        Characters = Distribution.Of(characters.Select(items => (double)items.Length));
        EmptyTexts = characters.Count(items => items.Length == 0);
    }

    /// <summary>What the n-grams are made of.</summary>
    public TextUnit Unit { get; }

    /// <summary>The n of <see cref="Repetition"/>.</summary>
    public int RepetitionLength { get; }

    /// <summary>rep@n of each text, in [0, 1): 1 − different n-grams / all n-grams; 0 for a text that is too short.</summary>
    public Distribution Repetition { get; }

    /// <summary>The share of texts in which any n-gram occurs twice, in [0, 1].</summary>
    public double RepeatingShare { get; }

    /// <summary>distinct-n of the whole set by n: different n-grams / all n-grams, in (0, 1]; null when all texts are shorter than n.</summary>
    public IReadOnlyDictionary<int, double?> Distinct { get; }

    /// <summary>Unigram F1 of each text against its reference, in [0, 1]; null without references.</summary>
    public Distribution? UnigramF1 { get; }

    /// <summary>The words of each text: what stands between white space.</summary>
    public Distribution Words { get; }

    /// <summary>The characters (Unicode scalar values) of each text.</summary>
    public Distribution Characters { get; }

    /// <summary>The number of texts.</summary>
    public int TextCount => Repetition.Count;

    /// <summary>The number of texts without a character.</summary>
    public int EmptyTexts { get; }

    /// <summary>Describes texts.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="references">A reference for each, for <see cref="UnigramF1"/>; null for none.</param>
    /// <param name="options">What to count; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no text, there are not as many references as texts, or an option cannot be used.</exception>
    public static TextStatistics Of(IReadOnlyList<string> texts, IReadOnlyList<string>? references = null, TextStatisticsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TextStatisticsOptions();
        options.Validate();
        if (texts.Count == 0)
            throw new ArgumentException("There is no text to describe.", nameof(texts));
        if (references is not null && references.Count != texts.Count)
            throw new ArgumentException($"There are {references.Count} references for {texts.Count} texts.", nameof(references));
        return new TextStatistics(texts, references, options);
    }

    /// <summary>The numbers as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable("Text", [""]);
        AddTo(table, [this]);
        return table.ToString();
    }

    /// <summary>Adds the numbers of texts, one set a column.</summary>
    internal static void AddTo(TextTable table, IReadOnlyList<TextStatistics> sets)
    {
        TextStatistics first = sets[0];
        string unit = first.Unit == TextUnit.Word ? "words" : "characters";
        Row("Texts (empty)", set => $"{TableCells.Count(set.TextCount)} ({TableCells.Count(set.EmptyTexts)})");
        Row($"rep@{first.RepetitionLength} ({unit})", set => TableCells.PerCent(set.Repetition.Mean));
        Row($"with a repeated {first.RepetitionLength}-gram", set => TableCells.PerCent(set.RepeatingShare));
        foreach (int n in first.Distinct.Keys)
            Row($"distinct-{n} ({unit})", set => TableCells.PerCent(set.Distinct[n]));
        if (sets.Any(set => set.UnigramF1 is not null))
            Row("Unigram F1", set => TableCells.PerCent(set.UnigramF1?.Mean));
        Row("Length (words)", set => TableCells.Number(set.Words.Mean, "0.0"));
        Row("Length (characters)", set => TableCells.Number(set.Characters.Mean, "0.0"));

        void Row(string name, Func<TextStatistics, string> cell) => table.AddRow(name, sets.Select(cell));
    }

    private static string[] Units(string text, TextUnit unit) => unit == TextUnit.Word
        ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        : [.. text.EnumerateRunes().Select(rune => rune.ToString())];
}
