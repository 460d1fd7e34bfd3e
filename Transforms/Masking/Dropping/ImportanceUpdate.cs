using System.Numerics;

namespace MLNetExt.Masking;

/// <summary>One step of the moving averages of a table of token importance.</summary>
internal static class ImportanceUpdate
{
    /// <summary>Takes one step for each id that occurs, however often it does: <c>table[id] = decay * table[id] + (1 - decay) * loss</c>.</summary>
    /// <param name="table">The importance of each id.</param>
    /// <param name="ids">The predicted ids.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="weights">Their weights; empty for 1. What has weight 0 is not looked at.</param>
    /// <param name="decay">In [0, 1].</param>
    /// <param name="mode">What counts when an id occurs several times.</param>
    /// <param name="sums">Memory as long as the table, all 0, and again so afterwards.</param>
    /// <param name="totals">The same again.</param>
    public static void Apply<T>(
        Span<T> table, ReadOnlySpan<int> ids, ReadOnlySpan<T> losses, ReadOnlySpan<T> weights, double decay, ImportanceMode mode, Span<double> sums, Span<double> totals)
        where T : IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < ids.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : double.CreateTruncating(weights[i]);
            if (weight == 0)
                continue;
            double loss = double.CreateTruncating(losses[i]);
            (sums[ids[i]], totals[ids[i]]) = mode == ImportanceMode.Last ? (loss, 1) : (sums[ids[i]] + (weight * loss), totals[ids[i]] + weight);
        }
        for (int i = 0; i < ids.Length; i++)
        {
            // Of several slots of an id the first one takes the step.
            int id = ids[i];
            if ((!weights.IsEmpty && weights[i] == T.Zero) || totals[id] == 0)
                continue;
            table[id] = T.CreateTruncating((decay * double.CreateTruncating(table[id])) + ((1 - decay) * (sums[id] / totals[id])));
            (sums[id], totals[id]) = (0, 0);
        }
    }
}
