using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The keys and values of the tokens that a causal stack has read, so that each further token costs one step and not the whole row.</summary>
/// <remarks>All rows have the same length, padding included. Filled without gradients; used by one thread at a time.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    /// <summary>By how many tokens the memory grows.</summary>
    public const int Block = 128;

    private readonly int _capacity;
    private readonly KeyValueLayer[] _layers;
    private Tensor? _isToken;

    /// <param name="layers">The number of blocks of the stack.</param>
    /// <param name="capacity">For how many tokens a row there is room before the memory must grow.</param>
    public KeyValueCache(int layers, int capacity = 0)
    {
        NetworkCheck.AtLeastOne(layers, nameof(layers));
        _capacity = capacity;
        _layers = [.. Enumerable.Range(0, layers).Select(_ => new KeyValueLayer(this))];
    }

    /// <summary>How many tokens of each row are cached, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>How many rows are cached; 0 before the first tokens.</summary>
    public long Rows { get; private set; }

    /// <summary>The parts of the blocks, in their order.</summary>
    public IReadOnlyList<KeyValueLayer> Layers => _layers;

    /// <summary>Which tokens of the rows are tokens, the cached ones in front.</summary>
    /// <param name="rows">The number of rows to be read.</param>
    /// <param name="length">How many tokens of each are to be read.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding among them; null when there is none.</param>
    /// <returns>Bool <c>[rows, cached + length]</c>; null when there is no padding.</returns>
    /// <exception cref="ArgumentException">Other rows are cached.</exception>
    public Tensor? Seen(long rows, long length, Tensor? isToken)
    {
        if (Rows != 0 && rows != Rows)
            throw new ArgumentException($"{rows} rows are to be read, but the cache holds {Rows}: keep them alike with SelectRows.", nameof(rows));
        if (_isToken is null && isToken is null)
            return null;
        Tensor past = _isToken ?? ones(rows, Length, ScalarType.Bool, isToken!.device);
        return cat([past, isToken ?? ones(rows, length, ScalarType.Bool, past.device)], 1);
    }

    /// <summary>Keeps what the blocks have appended.</summary>
    /// <param name="rows">The number of rows that were read.</param>
    /// <param name="length">How many tokens of each.</param>
    /// <param name="seen">What <see cref="Seen"/> gave.</param>
    public void Advance(long rows, long length, Tensor? seen)
    {
        Replace(seen?.clone());
        Rows = rows;
        Length += length;
    }

    /// <summary>Keeps the rows of these numbers, in this order: a row may be dropped, or come several times (beam search).</summary>
    /// <param name="rows">Int64 <c>[kept]</c>, each in [0, <see cref="Rows"/>).</param>
    public void SelectRows(Tensor rows)
    {
        if (Rows == 0)
            throw new InvalidOperationException("The cache is empty: there are no rows to select.");
        foreach (KeyValueLayer layer in _layers)
            layer.SelectRows(rows);
        Replace(_isToken?.index_select(0, rows));
        Rows = rows.shape[0];
    }

    public void Dispose()
    {
        foreach (KeyValueLayer layer in _layers)
            layer.Dispose();
        Replace(null);
        (Rows, Length) = (0, 0);
    }

    /// <summary>Room for so many tokens, as large as asked for at the start, then in whole blocks.</summary>
    internal long CapacityFor(long length) => length <= _capacity ? _capacity : (length + Block - 1) / Block * Block;

    private void Replace(Tensor? isToken)
    {
        _isToken?.Dispose();
        _isToken = isToken?.DetachFromDisposeScope();
    }
}
