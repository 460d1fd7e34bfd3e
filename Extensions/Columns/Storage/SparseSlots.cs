using System.Numerics;

namespace MLNetExt.Columns;

/// <summary>Sparse rows that are overwritten: each slot keeps its arrays and grows them when a row needs more.</summary>
internal sealed class SparseSlots(SparseVectorCell cell) : SparseStore
{
    private readonly List<Slot> _slots = [];
    private long _entryBytes;

    public override long Bytes => _slots.Count * (long)RowBytes + _entryBytes;

    public override void Put(int row)
    {
        if (row == _slots.Count)
            _slots.Add(new Slot());
        Slot slot = _slots[row];
        int count = cell.Values.Length;
        if (slot.Values.Length < count)
        {
            int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            _entryBytes += EntryBytes * (long)(capacity - slot.Values.Length);
            slot.Indices = new int[capacity];
            slot.Values = new float[capacity];
        }
        cell.Indices.CopyTo(slot.Indices);
        cell.Values.CopyTo(slot.Values);
        slot.Count = count;
    }

    protected override ReadOnlySpan<int> Indices(int row) => _slots[row].Indices.AsSpan(0, _slots[row].Count);

    protected override ReadOnlySpan<float> Values(int row) => _slots[row].Values.AsSpan(0, _slots[row].Count);

    private sealed class Slot
    {
        public int[] Indices { get; set; } = [];
        public float[] Values { get; set; } = [];
        public int Count { get; set; }
    }
}
