using System.Buffers;
using System.Numerics;

namespace MLNetExt.Masking;

/// <summary>The hash table of the paper's published program, as it comes out on a CPU, looked up by the product of a window's ids.</summary>
internal sealed class ReferenceTable : IWindowDropper
{
    /// <summary>The entries of the table, a prime.</summary>
    public const int Size = 1_000_003;

    private readonly bool[] _isDropped;

    public ReferenceTable(GoldfishRule rule)
    {
        float limit = (float)(1.0 / rule.K);
        _isDropped = [.. Values(rule.Seed, Size).Select(value => value < limit)];
    }

    /// <summary>The first values of the table of a seed.</summary>
    public static IEnumerable<float> Values(long seed, int count)
    {
        var generator = new MersenneTwister((uint)seed);
        for (int i = 0; i < count; i++)
            yield return generator.NextSingle();
    }

    /// <summary>The entry that decides for a window.</summary>
    public static int IndexOf(long product)
    {
        int index = (int)(product % Size);
        return index < 0 ? index + Size : index;
    }

    public void Drop(ReadOnlySpan<int> ids, int h, Span<float> keep)
    {
        long[] rented = ArrayPool<long>.Shared.Rent(ids.Length + keep.Length);
        Span<long> factors = rented.AsSpan(0, ids.Length), products = rented.AsSpan(ids.Length, keep.Length);
        for (int i = 0; i < ids.Length; i++)
            factors[i] = ids[i];
        factors[..products.Length].CopyTo(products);
        for (int j = 1; j < h; j++)
            Multiply(products, factors[j..]);
        for (int i = 0; i < products.Length; i++)
            keep[i] = _isDropped[IndexOf(products[i])] ? 0 : 1;
        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>Multiplies each product by its factor, in two's complement.</summary>
    private static void Multiply(Span<long> products, ReadOnlySpan<long> factors)
    {
        int i = 0;
        for (; i + Vector<long>.Count <= products.Length; i += Vector<long>.Count)
            (new Vector<long>(products[i..]) * new Vector<long>(factors[i..])).CopyTo(products[i..]);
        for (; i < products.Length; i++)
            products[i] = unchecked(products[i] * factors[i]);
    }
}
