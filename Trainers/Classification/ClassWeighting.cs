using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>What a row of each class counts.</summary>
internal static class ClassWeighting
{
    /// <param name="byLabel">What rows of a class count, by label as text; null when all count 1.</param>
    /// <param name="isBalanced">Whether classes also count in inverse proportion to their number of rows.</param>
    /// <param name="counts">How many rows each class has.</param>
    /// <param name="labels">The classes; null when the label's key has no values.</param>
    /// <returns>One weight a class, or null when all count 1.</returns>
    /// <exception cref="ArgumentException">The options name a class that the label does not have.</exception>
    public static double[]? Create(IReadOnlyDictionary<string, double>? byLabel, bool isBalanced, long[] counts, KeyValues? labels)
    {
        if (byLabel is null && !isBalanced)
            return null;

        double[] weights = [.. counts.Select(_ => 1.0)];
        foreach ((string label, double weight) in byLabel ?? new Dictionary<string, double>())
            weights[IndexOf(label, labels)] = weight;

        if (isBalanced)
        {
            double rows = counts.Sum(), present = counts.Count(c => c > 0);
            for (int c = 0; c < weights.Length; c++)
                weights[c] *= counts[c] > 0 ? rows / (present * counts[c]) : 1;
        }

        return weights;
    }

    /// <summary>Makes sure that the labels that the options weigh have classes.</summary>
    /// <exception cref="ArgumentException">One has tags.</exception>
    public static void RequireClasses(IClassifierOptions options, IReadOnlyList<LabelColumn> labels)
    {
        string? option = options.BalanceClasses && labels.Any(label => label.IsMultiLabel) ? nameof(options.BalanceClasses)
            : options.ClassWeights is not null && labels[0].IsMultiLabel ? nameof(options.ClassWeights)
            : null;
        if (option is not null)
            throw new ArgumentException(
                $"{option} weighs rows by their class, and a row of column '{labels.First(label => label.IsMultiLabel).Name}' has tags, not a class: leave {option} out, and weigh rows with ExampleWeightColumnName.");
    }

    private static int IndexOf(string label, KeyValues? labels)
    {
        int index = labels?.Texts.ToList().IndexOf(label) ?? -1;
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"ClassWeights names the class '{label}', which the label column does not have ({Known(labels)}).");
    }

    private static string Known(KeyValues? labels) => labels is null
        ? "its key has no values"
        : "it has " + string.Join(", ", labels.Texts.Take(10).Select(t => $"'{t}'")) + (labels.Texts.Count > 10 ? ", ..." : "");
}
