namespace MLNetExt.Evaluation;

/// <summary>How well the queries of one side find their matches among the rows of the other side.</summary>
public sealed class RetrievalDirection
{
    internal RetrievalDirection(int[] ranks, IEnumerable<int> at)
    {
        Queries = Candidates = ranks.Length;
        RecallAt = at.ToDictionary(k => k, k => ranks.Count(rank => rank <= k) / (double)ranks.Length);
        MeanReciprocalRank = ranks.Sum(rank => 1.0 / rank) / ranks.Length;
        Array.Sort(ranks);
        MedianRank = (ranks[(ranks.Length - 1) / 2] + (double)ranks[ranks.Length / 2]) / 2;
    }

    /// <summary>Recall@k, in [0, 1], by k: the share of queries that have a match of rank k or better.</summary>
    public IReadOnlyDictionary<int, double> RecallAt { get; }

    /// <summary>The median over queries of the best match's rank, at least 1; of an even number of queries the mean of the middle two.</summary>
    public double MedianRank { get; }

    /// <summary>Mean reciprocal rank (MRR), in (0, 1]: the mean over queries of 1 / rank of the best match.</summary>
    public double MeanReciprocalRank { get; }

    /// <summary>Number of queries: the rows that were not left out.</summary>
    public int Queries { get; }

    /// <summary>Number of candidates of each query, its matches among them.</summary>
    public int Candidates { get; }
}
