using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNetExt.Masking;

/// <summary>The portable, order-sensitive hash of a window of ids.</summary>
/// <remarks>Windows do not share work, as the hash begins anew in each; but they do not wait for each other either, so several are hashed side by side.</remarks>
internal sealed class WindowHash(GoldfishRule rule) : IWindowDropper
{
    private readonly ulong _first = Mix64.Of((ulong)rule.Seed);
    private readonly ulong _limit = Mix64.DropLimit(rule.K);

    /// <summary>The hash of a window, oldest id first.</summary>
    public ulong State(ReadOnlySpan<int> window)
    {
        ulong state = _first;
        foreach (int id in window)
            state = Mix64.Append(state, id);
        return state;
    }

    public void Drop(ReadOnlySpan<int> ids, int h, Span<float> keep)
    {
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(ids.Length);
        Span<ulong> terms = rented.AsSpan(0, ids.Length);
        for (int i = 0; i < ids.Length; i++)
            terms[i] = Mix64.Term(ids[i]);
        int block = 4 * Vector<ulong>.Count;
        int at = 0;
        for (; at + block <= keep.Length; at += block)
            DropBlock(terms[at..], h, keep[at..]);
        if (at > 0 && at < keep.Length)
            // The last block again, ending at the end: what it holds twice comes out the same.
            DropBlock(terms[(keep.Length - block)..], h, keep[(keep.Length - block)..]);
        else
        {
            for (; at < keep.Length; at++)
                keep[at] = (State(ids.Slice(at, h)) >> 32) < _limit ? 0 : 1;
        }
        ArrayPool<ulong>.Shared.Return(rented);
    }

    private void DropBlock(ReadOnlySpan<ulong> terms, int h, Span<float> keep)
    {
        ref ulong source = ref MemoryMarshal.GetReference(terms);
        nuint width = (nuint)Vector<ulong>.Count;
        Vector<ulong> a = new(_first), b = a, c = a, d = a;
        for (nuint j = 0; j < (nuint)h; j++)
        {
            a = Mix64.Of(a ^ Vector.LoadUnsafe(ref source, j));
            b = Mix64.Of(b ^ Vector.LoadUnsafe(ref source, j + width));
            c = Mix64.Of(c ^ Vector.LoadUnsafe(ref source, j + (2 * width)));
            d = Mix64.Of(d ^ Vector.LoadUnsafe(ref source, j + (3 * width)));
        }
        Keep(a, b).CopyTo(keep);
        Keep(c, d).CopyTo(keep[Vector<float>.Count..]);
    }

    /// <summary>0 where the upper half of a state is below the limit, otherwise 1.</summary>
    private Vector<float> Keep(Vector<ulong> low, Vector<ulong> high)
    {
        Vector<long> limit = new((long)_limit);
        Vector<int> dropped = Vector.Narrow(
            Vector.LessThan((low >>> 32).As<ulong, long>(), limit), Vector.LessThan((high >>> 32).As<ulong, long>(), limit));
        return Vector.AndNot(Vector<float>.One.As<float, int>(), dropped).As<int, float>();
    }
}
