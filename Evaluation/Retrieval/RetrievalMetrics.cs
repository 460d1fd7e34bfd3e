namespace MLNetExt.Evaluation;

/// <summary>How well paired embeddings find each other. Recall is a fraction in [0, 1]; multiply by 100 for the per cent that papers print.</summary>
public sealed class RetrievalMetrics
{
    internal RetrievalMetrics(RetrievalDirection leftToRight, RetrievalDirection rightToLeft, int rowsLeftOut)
    {
        LeftToRight = leftToRight;
        RightToLeft = rightToLeft;
        RowsLeftOut = rowsLeftOut;
        RecallAt = leftToRight.RecallAt.ToDictionary(recall => recall.Key, recall => (recall.Value + rightToLeft.RecallAt[recall.Key]) / 2);
    }

    /// <summary>Queries of the left column among the rows of the right one.</summary>
    public RetrievalDirection LeftToRight { get; }

    /// <summary>Queries of the right column among the rows of the left one.</summary>
    public RetrievalDirection RightToLeft { get; }

    /// <summary>Recall@k by k, the mean of both directions.</summary>
    public IReadOnlyDictionary<int, double> RecallAt { get; }

    /// <summary>The mean of both directions' median ranks.</summary>
    public double MedianRank => (LeftToRight.MedianRank + RightToLeft.MedianRank) / 2;

    /// <summary>The mean of both directions' mean reciprocal ranks.</summary>
    public double MeanReciprocalRank => (LeftToRight.MeanReciprocalRank + RightToLeft.MeanReciprocalRank) / 2;

    /// <summary>Number of pairs left out, as queries and as candidates, because an embedding holds NaN or infinity: a missing image, for example.</summary>
    public int RowsLeftOut { get; }
}
