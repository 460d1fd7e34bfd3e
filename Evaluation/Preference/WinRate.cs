namespace MLNetExt.Evaluation;

/// <summary>How often A's continuations are preferred to B's.</summary>
public sealed class WinRate
{
    private WinRate(BothOrders[] read, int unreadable, int identical, double confidence, int resamples, int seed)
    {
        double[] scores = [.. read.Select(verdicts => verdicts.ScoreOfA!.Value), .. Enumerable.Repeat(0.5, identical)];
        Score = Distribution.Of(scores);
        Interval = Bootstrap.MeanInterval(scores, confidence, resamples, seed);
        Wins = scores.Count(score => score > 0.5);
        Losses = scores.Count(score => score < 0.5);
        Unreadable = unreadable;
        Identical = identical;
        if (read.Length == 0)
            return;
        FirstPlaceShare = read.Average(verdicts => verdicts.PointsOfFirstPlace!.Value / 2);
        Consistency = read.Average(verdicts => verdicts.IsConsistent ? 1.0 : 0);
    }

    /// <summary>The win rate of A, in [0, 1]: the mean score of prompts, ties half.</summary>
    public double Value => Score.Mean;

    /// <summary>The score of each prompt: 0, 0.25, 0.5, 0.75 or 1.</summary>
    public Distribution Score { get; }

    /// <summary>The standard error of <see cref="Value"/>, over prompts; NaN for a single one.</summary>
    public double StandardError => Score.StandardError;

    /// <summary>The bootstrap interval of <see cref="Value"/>, over prompts.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>The number of prompts that count.</summary>
    public int PromptCount => Score.Count;

    /// <summary>The number of prompts in which A scores more than half.</summary>
    public int Wins { get; }

    /// <summary>The number of prompts in which both score half: ties, verdicts that contradict each other, and equal continuations.</summary>
    public int Ties => PromptCount - Wins - Losses;

    /// <summary>The number of prompts in which B scores more than half.</summary>
    public int Losses { get; }

    /// <summary>The number of prompts whose continuations are equal, on which no judge was asked: they are ties.</summary>
    public int Identical { get; }

    /// <summary>The number of prompts left out because a verdict could not be read.</summary>
    public int Unreadable { get; }

    /// <summary>The share that went to whatever was shown first, in [0, 1], ties half: 0.5 when the judge has no position bias. Null when none was asked.</summary>
    public double? FirstPlaceShare { get; }

    /// <summary>The share of prompts in which both orders gave the same verdict, in [0, 1]. Null when none was asked.</summary>
    public double? Consistency { get; }

    /// <summary>Counts verdicts.</summary>
    /// <param name="verdicts">The verdicts on each prompt.</param>
    /// <param name="identical">The number of further prompts whose continuations are equal, at least 0.</param>
    /// <param name="confidence">The confidence of <see cref="Interval"/>, in (0, 1).</param>
    /// <param name="resamples">The samples that it is made of, at least 1.</param>
    /// <param name="seed">Decides what is drawn for them.</param>
    /// <exception cref="ArgumentException">There are verdicts and none could be read in both orders, there is no prompt at all, or a parameter is outside its range.</exception>
    public static WinRate Of(
        IReadOnlyList<BothOrders> verdicts,
        int identical = 0,
        double confidence = Bootstrap.DefaultConfidence,
        int resamples = Bootstrap.DefaultResamples,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        ArgumentOutOfRangeException.ThrowIfNegative(identical);
        BothOrders[] read = [.. verdicts.Where(both => both.ScoreOfA is not null)];
        if (read.Length == 0 && (verdicts.Count > 0 || identical == 0))
            throw new ArgumentException($"None of the verdicts on {verdicts.Count} prompts could be read in both orders: there is no win rate.", nameof(verdicts));
        return new WinRate(read, verdicts.Count - read.Length, identical, confidence, resamples, seed);
    }
}
