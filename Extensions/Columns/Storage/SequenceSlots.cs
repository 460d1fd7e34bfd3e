using System.Numerics;

namespace MLNetExt.Columns;

/// <summary>Rows of token ids that are overwritten: each slot keeps its array while a row needs about that much.</summary>
/// <remarks>A slot that once held a long row must not stay as large: in time all of them would.</remarks>
internal sealed class TokenSlots(TokenCell cell) : TokenStore
{
    private readonly List<(int[] Ids, int Count)> _slots = [];
    private long _idBytes;

    public override long Bytes => _slots.Count * (long)RowBytes + _idBytes;

    public override void Put(int row)
    {
        if (row == _slots.Count)
            _slots.Add(([], 0));
        ReadOnlySpan<int> ids = cell.Ids;
        int[] slot = _slots[row].Ids;
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)ids.Length);
        if (slot.Length < ids.Length || slot.Length > 2 * (long)capacity)
        {
            _idBytes += sizeof(int) * (long)(capacity - slot.Length);
            slot = new int[capacity];
        }
        ids.CopyTo(slot);
        _slots[row] = (slot, ids.Length);
    }

    public override ReadOnlySpan<int> Ids(int row) => _slots[row].Ids.AsSpan(0, _slots[row].Count);
}
