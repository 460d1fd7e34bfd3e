namespace MLNetExt.Cli.Data;

/// <summary>Documents to train a language model on, and others to measure it on.</summary>
/// <param name="Train">The documents to train on.</param>
/// <param name="Validation">Those that choose the best epoch; null when the trainer draws its own, or does without.</param>
/// <param name="Test">Those to measure on; null when there are none.</param>
internal sealed record TextCorpus(IReadOnlyList<string> Train, IReadOnlyList<string>? Validation, IReadOnlyList<string>? Test)
{
    /// <summary>Reads the documents.</summary>
    /// <exception cref="UserErrorException">The file or the request cannot be used; says why.</exception>
    public static TextCorpus Read(TextSource source, TestPart test, int seed, CancellationToken cancellation)
    {
        var documents = source.Read(test.SplitColumn, cancellation);
        if (test.SplitColumn is { } split)
            return BySplitColumn(source, split, documents);
        string[] texts = [.. documents.Select(document => document.Text)];
        if (test.Fraction > 0)
            return ByFraction(source, texts, test.Fraction, seed);
        return new TextCorpus(
            texts, null, test.Path is { } path ? [.. (source with { Path = path }).Read(null, cancellation).Select(document => document.Text)] : null);
    }

    private static TextCorpus BySplitColumn(TextSource source, string split, IReadOnlyList<(string Text, string? Part)> documents)
    {
        string[] Part(Func<string?, bool> belongs) => [.. documents.Where(document => belongs(document.Part)).Select(document => document.Text)];
        string[] test = Part(SplitColumn.IsTest), validation = Part(SplitColumn.IsValidation);
        string[] train = Part(value => !SplitColumn.IsTest(value) && !SplitColumn.IsValidation(value));
        if (test.Length == 0)
            throw new UserErrorException(
                $"--split-column {split}: no row with text says 'test'; it holds {string.Join(", ", documents.Select(d => d.Part).Distinct().Take(5).Select(v => $"'{v}'"))}.");
        if (train.Length == 0)
            throw new UserErrorException($"'{source.Path}' has no training rows.");
        return new TextCorpus(train, validation.Length > 0 ? validation : null, test);
    }

    private static TextCorpus ByFraction(TextSource source, string[] texts, double fraction, int seed)
    {
        if (texts.Length < 2)
            throw new UserErrorException(
                $"--test-fraction: '{source.Path}' has a single document, of which none can be set aside: use --documents paragraphs or lines, or --test.");
        int[] order = [.. Enumerable.Range(0, texts.Length)];
        new Random(seed).Shuffle(order);
        HashSet<int> chosen = [.. order.Take(Math.Clamp((int)Math.Round(fraction * texts.Length), 1, texts.Length - 1))];
        return new TextCorpus([.. texts.Where((_, i) => !chosen.Contains(i))], null, [.. texts.Where((_, i) => chosen.Contains(i))]);
    }
}
