namespace MLNetExt.Evaluation;

/// <summary>How much sequences repeat: counts of runs of n neighbouring items, whether characters, words or token ids.</summary>
public static class NGrams
{
    /// <summary>rep@n: 1 − different n-grams / all n-grams of one sequence.</summary>
    /// <param name="items">The sequence.</param>
    /// <param name="n">The length of a run, at least 1.</param>
    /// <returns>In [0, 1): 0 when no run occurs twice, and for a sequence that is shorter than n.</returns>
    public static double Repetition<T>(IReadOnlyList<T> items, int n)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(items);
        (long different, long all) = Count([items], n);
        return all == 0 ? 0 : 1 - (double)different / all;
    }

    /// <summary>distinct-n: different n-grams / all n-grams of a set of sequences (Li et al., 2016, arXiv 1510.03055).</summary>
    /// <remarks>It falls as the set grows: compare only sets of equally many sequences of like length.</remarks>
    /// <param name="sequences">The set; no run spans two sequences.</param>
    /// <param name="n">The length of a run, at least 1.</param>
    /// <returns>In (0, 1]; null when all sequences are shorter than n.</returns>
    public static double? Distinct<T>(IEnumerable<IReadOnlyList<T>> sequences, int n)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(sequences);
        (long different, long all) = Count(sequences, n);
        return all == 0 ? null : (double)different / all;
    }

    private static (long Different, long All) Count<T>(IEnumerable<IReadOnlyList<T>> sequences, int n)
        where T : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        // Runs get numbers: those of k items by the number of their first k - 1 and their last item.
        Dictionary<(int Shorter, T Last), int>[] numbers = [.. Enumerable.Range(0, n).Select(_ => new Dictionary<(int, T), int>())];
        long all = 0;
        foreach (IReadOnlyList<T> items in sequences)
        {
            var runs = new int[items.Count];
            for (int k = 0; k < n; k++)
            {
                for (int start = 0; start + k < items.Count; start++)
                {
                    (int, T) run = (runs[start], items[start + k]);
                    if (!numbers[k].TryGetValue(run, out runs[start]))
                        numbers[k].Add(run, runs[start] = numbers[k].Count);
                }
            }
            all += Math.Max(0, items.Count - n + 1);
        }
        return (numbers[^1].Count, all);
    }
}
