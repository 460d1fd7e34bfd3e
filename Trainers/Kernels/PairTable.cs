using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Which pairs of a batch are positive and which count, read in blocks of rows by torch operations and row by row on the CPU.</summary>
/// <remarks>Its tensors belong to the caller's dispose scope.</remarks>
internal sealed class PairTable
{
    private readonly Tensor? _leftIds;
    private readonly Tensor? _rightIds;
    private readonly Tensor? _isPositive;
    private readonly Tensor? _counts;
    private readonly Lazy<PairRows> _rows;

    /// <summary>Takes equal ids, or a matrix, or the diagonal when both are null. All tensors are on one device.</summary>
    /// <param name="rows">n.</param>
    /// <param name="columns">m.</param>
    /// <param name="ids">Int64 <c>[n]</c> and <c>[m]</c>.</param>
    /// <param name="isPositive">Bool <c>[n, m]</c>.</param>
    /// <param name="counts">Bool <c>[n, m]</c>; null when every pair counts.</param>
    public PairTable(int rows, int columns, (Tensor Left, Tensor Right)? ids, Tensor? isPositive, Tensor? counts)
    {
        (RowCount, ColumnCount) = (rows, columns);
        (_leftIds, _rightIds) = (ids?.Left, ids?.Right);
        _isPositive = isPositive;
        _counts = counts;
        _rows = new(() => new PairRows(rows, columns, ids, isPositive, counts));
    }

    /// <summary>n.</summary>
    public int RowCount { get; }

    /// <summary>m.</summary>
    public int ColumnCount { get; }

    /// <summary>The table as the CPU reads it.</summary>
    public PairRows Rows => _rows.Value;

    /// <summary>Bool <c>[count, m]</c>: the positive pairs among these rows, counted or not.</summary>
    public Tensor Positives(long start, long count, Device device)
    {
        if (_isPositive is not null)
            return _isPositive.narrow(0, start, count);
        if (_leftIds is not null)
            return _leftIds.narrow(0, start, count).unsqueeze(1).eq(_rightIds!.unsqueeze(0));
        return arange(start, start + count, device: device).unsqueeze(1).eq(arange(ColumnCount, device: device).unsqueeze(0));
    }

    /// <summary>Bool <c>[count, m]</c>: the pairs that count among these rows; null when all do.</summary>
    public Tensor? Counted(long start, long count) => _counts?.narrow(0, start, count);
}
