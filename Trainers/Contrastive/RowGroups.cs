using MLNetExt.Columns;

namespace MLNetExt.Contrastive;

/// <summary>Numbers the rows of several batches so that those that match each other have the same number.</summary>
/// <param name="match">The column whose equal values make rows match; null when only a row's own sides match.</param>
internal sealed class RowGroups(BatchColumn? match)
{
    private const int OfItsOwn = -1;
    private readonly Dictionary<long, int> _numbers = [];
    private readonly List<int> _rows = [];

    /// <summary>One number a row; none at all when only a row's own sides match.</summary>
    public int[] Numbers => [.. _rows];

    public void Add(TensorBatch batch)
    {
        if (match is null)
            return;
        foreach (long identity in RowIdentity.Of(batch, match.Name, match.Kind))
            _rows.Add(match.Kind == ColumnKind.Key && identity < 0 ? OfItsOwn : Number(identity));
    }

    private int Number(long identity)
    {
        _numbers.TryAdd(identity, _numbers.Count);
        return _numbers[identity];
    }
}
