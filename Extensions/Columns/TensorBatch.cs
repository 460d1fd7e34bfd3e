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
    private readonly IReadOnlyDictionary<string, TokenRows> _tokens;
    private readonly IReadOnlyDictionary<string, ImageRows> _images;

    /// <summary>Makes a batch of the given columns.</summary>
    /// <param name="rowCount">The number of rows, at least 1.</param>
    /// <param name="tensors">Vectors as float32 <c>[rows, width]</c>, token weights as float32 <c>[rows, longest]</c>, scalars as float32 <c>[rows]</c>, keys as int64 <c>[rows]</c>.</param>
    /// <param name="sparse">Vector columns kept sparse.</param>
    /// <param name="texts">Text columns, one string a row.</param>
    /// <param name="tokens">Token columns.</param>
    /// <param name="images">Image columns.</param>
    public TensorBatch(
        int rowCount,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, SparseRows>? sparse = null,
        IReadOnlyDictionary<string, ArraySegment<string>>? texts = null,
        IReadOnlyDictionary<string, TokenRows>? tokens = null,
        IReadOnlyDictionary<string, ImageRows>? images = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        RowCount = rowCount;
        _tensors = tensors;
        _sparse = sparse ?? new Dictionary<string, SparseRows>();
        _texts = texts ?? new Dictionary<string, ArraySegment<string>>();
        _tokens = tokens ?? new Dictionary<string, TokenRows>();
        _images = images ?? new Dictionary<string, ImageRows>();
    }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The number in the data of the first row, from 0, when rows are scored in the data's order; null when they were shuffled.</summary>
    public long? FirstRow { get; init; }

    /// <summary>A dense column: float32 <c>[rows, width]</c> for a vector, float32 <c>[rows, longest]</c> for token weights, float32 <c>[rows]</c> for a scalar,
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

    /// <summary>A token column.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no token column of that name.</exception>
    public TokenRows Tokens(string column) => _tokens[column];

    /// <summary>An image column.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no image column of that name.</exception>
    public ImageRows Images(string column) => _images[column];

    /// <summary>The same batch on <paramref name="device"/>: this one when it is there already.</summary>
    public TensorBatch To(Device device)
    {
        bool isThere = Representatives().All(t => t.device_type == device.type && (device.type == DeviceType.CPU || t.device_index == device.index));
        return isThere ? this : Map(RowCount, t => t.to(device), s => new SparseRows(s.Offsets.to(device), s.Indices.to(device), s.Values.to(device), s.Width), t => t, FirstRow);
    }

    /// <summary>Consecutive rows, in the memory of this batch; token rows stay as long as they are here.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch does not have these rows.</exception>
    public TensorBatch Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RowCount - start);
        return Map(count, t => t.narrow(0, start, count), s => s.Slice(start, count), t => t.Slice(start, count), FirstRow + start);
    }

    private IEnumerable<Tensor> Representatives() => _tensors.Values
        .Concat(_sparse.Values.Select(s => s.Values))
        .Concat(_tokens.Values.Select(t => t.Ids))
        .Concat(_images.Values.Select(i => i.Pixels));

    private TensorBatch Map(int rows, Func<Tensor, Tensor> tensor, Func<SparseRows, SparseRows> sparse, Func<ArraySegment<string>, ArraySegment<string>> texts, long? firstRow) => new(
        rows,
        _tensors.ToDictionary(c => c.Key, c => tensor(c.Value)),
        _sparse.ToDictionary(c => c.Key, c => sparse(c.Value)),
        _texts.ToDictionary(c => c.Key, c => texts(c.Value)),
        _tokens.ToDictionary(c => c.Key, c => new TokenRows(tensor(c.Value.Ids), tensor(c.Value.Lengths))),
        _images.ToDictionary(c => c.Key, c => new ImageRows(tensor(c.Value.Pixels), tensor(c.Value.IsPresent))))
    {
        FirstRow = firstRow,
    };
}
