namespace MLNetExt.Kernels;

/// <summary>What is held against each token of undesired completions, and the contrast that this gives.</summary>
internal sealed class TokenContrasts
{
    private readonly int[] _numbers;
    private readonly double[]? _draws;

    /// <summary>Makes room for them.</summary>
    /// <param name="isContrasted">Of each row of logits.</param>
    /// <param name="candidates">How many of the highest logits are candidates.</param>
    /// <param name="isExcluded">Of each token, whether it is never a candidate; null when all can be.</param>
    /// <param name="draw">Gives as many numbers in [0, 1): each decides which candidate of a token is taken. Null takes all by their shares.</param>
    public TokenContrasts(bool[] isContrasted, int candidates, bool[]? isExcluded, Func<int, double[]>? draw)
    {
        _numbers = new int[isContrasted.Length];
        for (int row = 0; row < isContrasted.Length; row++)
            _numbers[row] = isContrasted[row] ? Count++ : -1;
        (Candidates, IsExcluded) = (candidates, isExcluded);
        _draws = draw?.Invoke(Count);
        PerToken = _draws is null ? candidates : 1;
        Values = new double[Count];
        Ids = new int[Count * PerToken];
        Slopes = new double[Count * PerToken];
    }

    /// <summary>How many rows are contrasted.</summary>
    public int Count { get; }

    /// <summary>How many of the highest logits are candidates.</summary>
    public int Candidates { get; }

    /// <summary>Of each token, whether it is never a candidate; null when all can be.</summary>
    public bool[]? IsExcluded { get; }

    /// <summary>How many tokens are held against each.</summary>
    public int PerToken { get; }

    /// <summary>The contrast of each contrasted row.</summary>
    public double[] Values { get; }

    /// <summary>The tokens held against it, <see cref="PerToken"/> for each row.</summary>
    public int[] Ids { get; }

    /// <summary>The derivative of the contrast by minus the logit of each of them. Their sum is that by the row's own token.</summary>
    public double[] Slopes { get; }

    /// <summary>The number of a row among the contrasted ones; −1 when it is none.</summary>
    public int Number(int row) => _numbers[row];

    /// <summary>Computes the contrast of one row.</summary>
    /// <param name="number">Of the row.</param>
    /// <param name="ids">The candidates, from the highest logit down.</param>
    /// <param name="logits">Theirs.</param>
    /// <param name="own">The logit of the row's own token.</param>
    public void Set(int number, ReadOnlySpan<int> ids, ReadOnlySpan<double> logits, double own)
    {
        if (ids.IsEmpty)
        {
            // Every other logit is NaN or minus infinity.
            Values[number] = double.NaN;
            return;
        }

        double total = 0;
        foreach (double logit in logits)
            total += Math.Exp(logit - logits[0]);
        if (_draws is not null)
        {
            int taken = Take(logits, _draws[number] * total);
            Hold(number, 0, ids[taken], share: 1, own - logits[taken]);
            return;
        }

        for (int i = 0; i < ids.Length; i++)
            Hold(number, i, ids[i], Math.Exp(logits[i] - logits[0]) / total, own - logits[i]);
    }

    /// <summary>Which candidate a number below the sum of exp(logit − first logit) falls on.</summary>
    private static int Take(ReadOnlySpan<double> logits, double drawn)
    {
        int i = 0;
        for (; i < logits.Length - 1; i++)
        {
            drawn -= Math.Exp(logits[i] - logits[0]);
            if (drawn < 0)
                break;
        }

        return i;
    }

    private void Hold(int number, int i, int id, double share, double difference)
    {
        var (contrast, slope) = Softplus.Evaluate(difference);
        Values[number] += share * contrast;
        Ids[number * PerToken + i] = id;
        Slopes[number * PerToken + i] = share * slope;
    }
}
