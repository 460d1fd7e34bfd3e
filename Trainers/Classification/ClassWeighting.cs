using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>What a row of each class counts.</summary>
internal static class ClassWeighting
{
    /// <returns>One weight a class, or null when all count 1.</returns>
    /// <exception cref="ArgumentException">The options name a class that the label does not have.</exception>
    public static double[]? Create(IClassifierOptions options, long[] counts, KeyValues? labels)
    {
        if (options.ClassWeights is null && !options.BalanceClasses)
            return null;

        double[] weights = [.. counts.Select(_ => 1.0)];
        foreach ((string label, double weight) in options.ClassWeights ?? [])
            weights[IndexOf(label, labels)] = weight;

        if (options.BalanceClasses)
        {
            double rows = counts.Sum(), present = counts.Count(c => c > 0);
            for (int c = 0; c < weights.Length; c++)
                weights[c] *= counts[c] > 0 ? rows / (present * counts[c]) : 1;
        }

        return weights;
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
