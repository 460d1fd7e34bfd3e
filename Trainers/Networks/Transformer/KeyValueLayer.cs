using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>One block's keys and values of the tokens already read, in memory with room for more.</summary>
internal sealed class KeyValueLayer(KeyValueCache cache) : IDisposable
{
    private Tensor? _keys;
    private Tensor? _values;

    /// <summary>Adds those of the tokens behind; they are kept once <see cref="KeyValueCache.Advance"/> is called.</summary>
    /// <param name="keys"><c>[rows, heads, length, headSize]</c>.</param>
    /// <param name="values">The same of the values.</param>
    /// <returns>Those of all tokens: views of the cache, <c>[rows, heads, cached + length, headSize]</c>.</returns>
    public (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values) => (Append(ref _keys, keys), Append(ref _values, values));

    /// <summary>Puts the rows of these numbers in the place of all.</summary>
    public void SelectRows(Tensor rows)
    {
        Replace(ref _keys, _keys?.index_select(0, rows));
        Replace(ref _values, _values?.index_select(0, rows));
    }

    public void Dispose()
    {
        Replace(ref _keys, null);
        Replace(ref _values, null);
    }

    private Tensor Append(ref Tensor? kept, Tensor added)
    {
        if (added.requires_grad)
            throw new InvalidOperationException("No gradient flows through cached keys and values: read with a cache inside no_grad().");
        long length = cache.Length + added.shape[2];
        if (kept is null || kept.shape[2] < length)
            Replace(ref kept, Grown(kept, added, cache.CapacityFor(length)));
        using Tensor place = kept!.narrow(2, cache.Length, added.shape[2]);
        place.copy_(added);
        return kept.narrow(2, 0, length);
    }

    private Tensor Grown(Tensor? kept, Tensor added, long capacity)
    {
        Tensor grown = empty([added.shape[0], added.shape[1], capacity, added.shape[3]], added.dtype, added.device);
        if (kept is not null)
        {
            using Tensor from = kept.narrow(2, 0, cache.Length), to = grown.narrow(2, 0, cache.Length);
            to.copy_(from);
        }

        return grown;
    }

    private static void Replace(ref Tensor? kept, Tensor? by)
    {
        kept?.Dispose();
        kept = by?.DetachFromDisposeScope();
    }
}
