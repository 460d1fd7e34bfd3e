using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetExt.Kernels;

/// <summary>The few highest logits of a row.</summary>
internal static class TopLogits
{
    /// <summary>Finds them in one pass, which seldom stops: most vectors have nothing above the lowest logit found so far.</summary>
    /// <remarks>The time grows with the number wanted. NaN and minus infinity are never found.</remarks>
    /// <param name="logits">The row.</param>
    /// <param name="left">The token to leave out.</param>
    /// <param name="isExcluded">Of each token, whether it is left out too; null for none.</param>
    /// <param name="ids">Receives the tokens, from the highest logit down, equal logits by token; as many as are wanted, at least 1.</param>
    /// <param name="values">Receives their logits; as long.</param>
    /// <returns>How many were found.</returns>
    public static int Find<T>(ReadOnlySpan<T> logits, int left, bool[]? isExcluded, Span<int> ids, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 0;
        T lowest = T.NegativeInfinity;
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(logits);
        for (int v = 0; v < vectors.Length; v++)
        {
            if (!Vector.GreaterThanAny(vectors[v], new Vector<T>(lowest)))
                continue;
            int start = v * Vector<T>.Count;
            Offer(logits, start, start + Vector<T>.Count, left, isExcluded, ids, values, ref count, ref lowest);
        }

        Offer(logits, vectors.Length * Vector<T>.Count, logits.Length, left, isExcluded, ids, values, ref count, ref lowest);
        return count;
    }

    private static void Offer<T>(
        ReadOnlySpan<T> logits, int start, int end, int left, bool[]? isExcluded, Span<int> ids, Span<T> values, ref int count, ref T lowest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int id = start; id < end; id++)
        {
            if (!(logits[id] > lowest) || id == left || isExcluded?[id] == true)
                continue;
            int place = Math.Min(count, ids.Length - 1);
            for (; place > 0 && logits[id] > values[place - 1]; place--)
                (ids[place], values[place]) = (ids[place - 1], values[place - 1]);
            (ids[place], values[place]) = (id, logits[id]);
            count = Math.Min(count + 1, ids.Length);
            if (count == ids.Length)
                lowest = values[^1];
        }
    }
}
