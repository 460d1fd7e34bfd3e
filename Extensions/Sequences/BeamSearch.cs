namespace MLNetExt.Sequences;

/// <summary>Beam search for the most likely continuation, by the sum of log-probabilities and without regard to length, whatever a model is.</summary>
public static class BeamSearch
{
    /// <summary>Follows the most likely continuations, step by step.</summary>
    /// <param name="next">Gives, for each of the beams, the log-probabilities of all tokens that may follow it. It is first called with one beam without tokens.</param>
    /// <param name="width">How many beams are kept after each step, at least 1; 1 is greedy.</param>
    /// <param name="length">The most tokens, at least 1.</param>
    /// <param name="endIds">The tokens that end a beam, of which they are no part; null or none when no token does, so that all have <paramref name="length"/> tokens.</param>
    /// <returns>Up to <paramref name="width"/> continuations, the most likely first. Of equal ones the one of the better beam comes first, then the one of the smaller id.</returns>
    /// <exception cref="ArgumentException"><paramref name="next"/> gave a NaN, or not one list of log-probabilities for each beam.</exception>
    public static IReadOnlyList<Beam> Run(Func<IReadOnlyList<Beam>, IReadOnlyList<double[]>> next, int width, int length, IReadOnlyList<int>? endIds = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        endIds ??= [];
        Beam[] live = [new Beam([], 0, 0)], ended = [];
        // Sums only fall: what has ended cannot be overtaken by what is less likely already.
        for (int step = 0; step < length && live.Length > 0 && !(ended.Length == width && ended[^1].LogProbability >= live[0].LogProbability); step++)
        {
            IReadOnlyList<double[]> logProbabilities = next(live);
            if (logProbabilities.Count != live.Length)
                throw new ArgumentException($"{live.Length} beams need as many lists of log-probabilities, not {logProbabilities.Count}.", nameof(next));
            // Each beam can end in so many ways: with as many more there are enough that go on.
            Beam[] best = Best(live, logProbabilities, checked(width + live.Length * endIds.Count));
            ended = [.. ended.Concat(best.Where(IsEnd).Select(beam => beam with { Tokens = beam.Tokens[..^1] })).OrderByDescending(beam => beam.LogProbability).Take(width)];
            live = [.. best.Where(beam => !IsEnd(beam)).Take(width)];
        }

        return [.. ended.Concat(live).OrderByDescending(beam => beam.LogProbability).Take(width)];

        bool IsEnd(Beam beam) => endIds.Contains(beam.Tokens[^1]);
    }

    private static Beam[] Best(Beam[] beams, IReadOnlyList<double[]> logProbabilities, int width)
    {
        // The worst candidate is at the head: of equal ones the one that came last.
        var best = new PriorityQueue<(int Parent, int Token, double LogProbability), (double LogProbability, long Order)>(
            Comparer<(double LogProbability, long Order)>.Create((a, b) =>
                a.LogProbability != b.LogProbability ? a.LogProbability.CompareTo(b.LogProbability) : b.Order.CompareTo(a.Order)));
        long order = 0;
        for (int parent = 0; parent < beams.Length; parent++)
        {
            for (int token = 0; token < logProbabilities[parent].Length; token++, order++)
            {
                double sum = beams[parent].LogProbability + logProbabilities[parent][token];
                if (double.IsNaN(sum))
                    throw new ArgumentException($"The log-probability of token {token} is NaN.", nameof(logProbabilities));
                if (best.Count < width)
                    best.Enqueue((parent, token, sum), (sum, order));
                else if (sum > best.Peek().LogProbability)
                    best.EnqueueDequeue((parent, token, sum), (sum, order));
            }
        }
        var found = new Beam[best.Count];
        for (int i = found.Length - 1; i >= 0; i--)
        {
            (int parent, int token, double sum) = best.Dequeue();
            found[i] = new Beam([.. beams[parent].Tokens, token], sum, parent);
        }
        return found;
    }
}
