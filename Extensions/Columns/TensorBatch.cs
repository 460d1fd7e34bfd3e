using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>A block of consecutive rows, column by column, on one device.</summary>
/// <remarks>A batch that a source yields is valid until the next one is asked for: the source reuses its memory.</remarks>
public sealed class TensorBatch
{
    /// <summary>What stands for a missing key: the index that <c>torch.nn.functional.cross_entropy</c> ignores by default.</summary>
    public const long MissingKey = -100;

    private readonly IReadOnlyDictionary<string, Tensor> _tensors;
    private readonly IReadOnlyDictionary<string, SparseRows> _sparse;
    private readonly IReadOnlyDictionary<string, ArraySegment<string>> _texts;

    /// <summary>Makes a batch of the given columns.</summary>
    /// <param name="rowCount">The number of rows, at least 1.</param>
    /// <param name="tensors">Vectors as float32 <c>[rows, width]</c>, scalars as float32 <c>[rows]</c>, keys as int64 <c>[rows]</c>.</param>
    /// <param name="sparse">Vector columns kept sparse.</param>
    /// <param name="texts">Text columns, one string a row.</param>
    public TensorBatch(
        int rowCount,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, SparseRows>? sparse = null,
        IReadOnlyDictionary<string, ArraySegment<string>>? texts = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        RowCount = rowCount;
        _tensors = tensors;
        _sparse = sparse ?? new Dictionary<string, SparseRows>();
        _texts = texts ?? new Dictionary<string, ArraySegment<string>>();
    }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>A dense column: float32 <c>[rows, width]</c> for a vector, float32 <c>[rows]</c> for a scalar,
    /// int64 <c>[rows]</c> for a key (0 is its first value; a missing key is -100).</summary>
    /// <exception cref="KeyNotFoundException">The batch has no dense column of that name.</exception>
    public Tensor this[string column] => _tensors[column];

    /// <summary>Whether the column was kept sparse.</summary>
    public bool IsSparse(string column) => _sparse.ContainsKey(column);

    /// <summary>A sparse vector column.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no sparse column of that name.</exception>
    public SparseRows Sparse(string column) => _sparse[column];

    /// <summary>A text column, one string a row.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no text column of that name.</exception>
    public IReadOnlyList<string> Text(string column) => _texts[column];

    /// <summary>The same batch on <paramref name="device"/>: this one when it is there already.</summary>
    public TensorBatch To(Device device)
    {
        bool isThere = _tensors.Values.Concat(_sparse.Values.Select(s => s.Values)).All(t => t.device_type == device.type && (device.type == DeviceType.CPU || t.device_index == device.index));
        return isThere
            ? this
            : new TensorBatch(
                RowCount,
                _tensors.ToDictionary(c => c.Key, c => c.Value.to(device)),
                _sparse.ToDictionary(c => c.Key, c => new SparseRows(
                    c.Value.Offsets.to(device), c.Value.Indices.to(device), c.Value.Values.to(device), c.Value.Width)),
                _texts);
    }
}
