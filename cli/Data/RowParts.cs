namespace MLNetExt.Cli.Data;

/// <summary>The rows, or documents, of a file that is held in memory, by what they are for.</summary>
/// <param name="Train">Those to train on.</param>
/// <param name="Validation">Those that choose the best epoch; null when the trainer draws its own, or does without.</param>
/// <param name="Test">Those to measure on; null when there are none.</param>
internal sealed record RowParts<T>(IReadOnlyList<T> Train, IReadOnlyList<T>? Validation, IReadOnlyList<T>? Test)
{
    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="test">The rows to measure on.</param>
    /// <param name="seed">Decides the random test part.</param>
    /// <param name="read">Reads a file: its rows, and what the split column, when there is one, says of each.</param>
    /// <exception cref="UserErrorException">The file or the request cannot be used; says why.</exception>
    public static RowParts<T> Read(string path, TestPart test, int seed, Func<string, IReadOnlyList<(T Row, string? Part)>> read)
    {
        IReadOnlyList<(T Row, string? Part)> rows = read(path);
        if (test.SplitColumn is { } split)
            return BySplitColumn(path, split, rows);
        T[] all = [.. rows.Select(r => r.Row)];
        if (test.Fraction > 0)
            return ByFraction(path, all, test.Fraction, seed);
        return new RowParts<T>(all, null, test.Path is { } other ? [.. read(other).Select(r => r.Row)] : null);
    }

    private static RowParts<T> BySplitColumn(string path, string split, IReadOnlyList<(T Row, string? Part)> rows)
    {
        T[] Part(Func<string?, bool> belongs) => [.. rows.Where(r => belongs(r.Part)).Select(r => r.Row)];
        IReadOnlyList<T> test = SplitColumn.TestRows(split, rows);
        T[] validation = Part(SplitColumn.IsValidation), train = Part(value => !SplitColumn.IsTest(value) && !SplitColumn.IsValidation(value));
        if (train.Length == 0)
            throw new UserErrorException($"'{path}' has no training rows.");
        return new RowParts<T>(train, validation.Length > 0 ? validation : null, test);
    }

    private static RowParts<T> ByFraction(string path, T[] all, double fraction, int seed)
    {
        if (all.Length < 2)
            throw new UserErrorException(
                $"--test-fraction: '{path}' has a single row or document, which cannot be set aside: use --test, or for plain text --documents paragraphs or lines.");
        int[] order = [.. Enumerable.Range(0, all.Length)];
        new Random(seed).Shuffle(order);
        HashSet<int> chosen = [.. order.Take(Math.Clamp((int)Math.Round(fraction * all.Length), 1, all.Length - 1))];
        return new RowParts<T>([.. all.Where((_, i) => !chosen.Contains(i))], null, [.. all.Where((_, i) => chosen.Contains(i))]);
    }
}
