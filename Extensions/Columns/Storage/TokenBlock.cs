using System.Numerics;
using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>A block of rows of token ids, padded when it is handed over; its memory grows to the largest batch and stays.</summary>
internal sealed class TokenBlock(TokenCell cell, int capacity) : ColumnBlock
{
    private const int FirstIds = 1024;
    private readonly NativeRows<long> _lengths = new(capacity);
    private NativeRows<long> _padded = new(FirstIds);
    private int _paddedCapacity = FirstIds;
    private int[] _ids = new int[FirstIds];
    private int _count;
    private Tensor? _view;

    public override void Write(int row) => Append(row, cell.Ids);

    public void Append(int row, ReadOnlySpan<int> ids)
    {
        if (row == 0)
            _count = 0;
        int end = checked(_count + ids.Length);
        if (end > _ids.Length)
            Array.Resize(ref _ids, checked((int)BitOperations.RoundUpToPowerOf2((uint)end)));
        ids.CopyTo(_ids.AsSpan(_count));
        _lengths.Rows(row, 1)[0] = ids.Length;
        _count = end;
    }

    public override void AddTo(BatchParts parts, int rows)
    {
        ReadOnlySpan<long> lengths = _lengths.Rows(0, rows);
        int width = 1;
        foreach (long length in lengths)
            width = Math.Max(width, (int)length);
        Span<long> padded = Reserve(checked(rows * width));
        ReadOnlySpan<int> ids = _ids;
        for (int row = 0; row < rows; row++)
        {
            int length = (int)lengths[row];
            Span<long> target = padded.Slice(row * width, width);
            for (int i = 0; i < length; i++)
                target[i] = ids[i];
            target[length..].Clear();
            ids = ids[length..];
        }
        _view = _padded.View(padded.Length).view(rows, width).DetachFromDisposeScope();
        parts.Tokens[cell.Column.Name] = new TokenRows(_view, _lengths.View(rows));
    }

    public override void Dispose()
    {
        _view?.Dispose();
        _lengths.Dispose();
        _padded.Dispose();
    }

    /// <summary>Memory for so many ids. It ends the view that was handed over before.</summary>
    private Span<long> Reserve(int count)
    {
        _view?.Dispose();
        _view = null;
        if (count > _paddedCapacity)
        {
            int larger = checked((int)BitOperations.RoundUpToPowerOf2((uint)count));
            var padded = new NativeRows<long>(larger);
            _padded.Dispose();
            (_padded, _paddedCapacity) = (padded, larger);
        }
        return _padded.Rows(0, count);
    }
}
