using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>Reads the columns of an <see cref="IDataView"/> as batches of tensors.</summary>
/// <remarks>
/// Opening reads the data once: it counts the rows, shows each to a visitor, and keeps them in memory while they fit
/// <see cref="BatchSourceOptions.MemoryBudgetBytes"/>; otherwise each epoch reads the data again. The batches are the same
/// either way. A shuffled epoch draws each row from a buffer of about 32 MiB of rows (at least 64 and at most
/// 131,072), so data sorted by class and larger than that is best shuffled on disk first.
/// One epoch is read at a time: beginning another ends the one before. The source owns its batches' memory.
/// </remarks>
public sealed class BatchSource : IBatchSource, IDisposable
{
    private readonly ScannedRows _scanned;
    private readonly BatchSourceOptions _options;
    private readonly RowSelection _selection;
    private readonly RowReader _reader;
    private readonly Lazy<int[]?> _cachedRows;
    private readonly Lazy<BatchBuffer> _batch;
    private readonly Lazy<ShuffleBuffer> _shuffle;
    private readonly Lazy<LengthBuckets> _buckets;
    private readonly Lazy<RowTable> _slots;
    private readonly List<BatchSource> _parts = [];
    private int _reading;
    private bool _isDisposed;

    private BatchSource(ScannedRows scanned, BatchSourceOptions options, RowSplit? split = null, bool isHeldOut = false)
    {
        _scanned = scanned;
        _options = options;
        _selection = new RowSelection(scanned, split, isHeldOut);
        RowCount = _selection.Count();
        int batchRows = (int)Math.Min(options.BatchSize, Math.Max(1, RowCount));
        _reader = new RowReader(scanned.Columns);
        _cachedRows = new(_selection.CachedRows);
        _batch = new(() => new BatchBuffer(_reader, batchRows));
        _shuffle = new(() => new ShuffleBuffer((int)Math.Min(scanned.ShuffleRows, RowCount)));
        _buckets = new(CreateBuckets);
        _slots = new(() => new RowTable([.. _reader.Cells.Select(cell => cell.CreateSlots())]));
    }

    /// <summary>The columns read, in the order asked for, with their layouts decided.</summary>
    public IReadOnlyList<BoundColumn> Columns => _scanned.Columns;

    /// <inheritdoc/>
    public long RowCount { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => checked((int)((RowCount + _options.BatchSize - 1) / _options.BatchSize));

    /// <summary>Whether the rows are in memory; otherwise each epoch reads the data.</summary>
    public bool IsCached => _scanned.Cache is not null;

    /// <summary>The bytes that the rows take in memory; 0 when they are streamed.</summary>
    public long CachedBytes => _scanned.Cache?.Bytes ?? 0;

    /// <summary>Reads the data once and makes a source of it.</summary>
    /// <param name="data">The data. It must give the same rows in the same order each time it is read.</param>
    /// <param name="columns">What to read; each name at most once.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="visitor">Sees each row during the first pass, and may leave it out.</param>
    /// <param name="cancellation">Ends the first pass.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or an option is out of range.</exception>
    /// <exception cref="ArgumentException">A column is asked for twice, or <see cref="BatchSourceOptions.BucketBy"/> names no token column or comes without shuffling.</exception>
    public static BatchSource Open(
        IDataView data,
        IReadOnlyList<BatchColumn> columns,
        BatchSourceOptions? options = null,
        IRowVisitor? visitor = null,
        CancellationToken cancellation = default)
    {
        options ??= new BatchSourceOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MemoryBudgetBytes);
        RequireBucketColumn(options, columns);
        IReadOnlyList<BoundColumn> bound = AutoLayout.Decide(data, BoundColumns.Bind(columns, data.Schema));
        return new BatchSource(ScannedRows.Scan(data, bound, visitor, options.MemoryBudgetBytes, cancellation), options);
    }

    /// <summary>Two sources over the same rows: those to train on, as this source gives them, and those held out, in the data's order.</summary>
    /// <remarks>Both read this source's rows and are disposed with it.</remarks>
    public (BatchSource Training, BatchSource HeldOut) Split(RowSplit split)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var inOrder = new BatchSourceOptions { BatchSize = _options.BatchSize, Shuffle = false };
        var training = new BatchSource(_scanned, _options, split);
        var heldOut = new BatchSource(_scanned, inOrder, split, isHeldOut: true);
        _parts.AddRange([training, heldOut]);
        return (training, heldOut);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is negative, or the epoch has fewer batches than are to be skipped.</exception>
    /// <exception cref="InvalidOperationException">While reading: the data has fewer rows than when it was opened, or another epoch has begun.</exception>
    public IEnumerable<TensorBatch> Read(int epoch, int skip = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, BatchesPerEpoch);
        return ReadBatches(epoch, skip);
    }

    /// <summary>Frees the memory of the batches. What was read from them is no longer valid.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (BatchSource part in _parts)
            part.Dispose();
        if (_batch.IsValueCreated)
            _batch.Value.Dispose();
    }

    private IEnumerable<TensorBatch> ReadBatches(int epoch, int skip)
    {
        int reading = ++_reading;
        long first = (long)skip * _options.BatchSize;
        if (first >= RowCount)
            yield break;
        using IEpochReader rows = OpenEpoch(epoch);
        rows.Skip(first);
        for (long at = first; at < RowCount; at += _options.BatchSize)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (reading != _reading)
                throw new InvalidOperationException("Another epoch of this source has begun: a source reads one epoch at a time.");
            int count = (int)Math.Min(_options.BatchSize, RowCount - at);
            rows.Fill(_batch.Value, count);
            yield return _batch.Value.ToBatch(count);
        }
    }

    private IEpochReader OpenEpoch(int epoch)
    {
        ShuffleBuffer? shuffle = _options.Shuffle ? _shuffle.Value : null;
        shuffle?.Restart(_options.Seed, epoch);
        LengthBuckets? buckets = _options.BucketBy is null ? null : _buckets.Value;
        buckets?.Restart(_options.Seed, epoch);
        if (_scanned.Cache is { } cache)
            return new CachedEpoch(cache, _cachedRows.Value, (int)RowCount, shuffle, buckets);
        var stream = new StreamedEpoch(_scanned, _selection, _reader, RowCount);
        if (shuffle is null)
            return stream;
        return buckets is null ? new ShuffledStreamEpoch(stream, _slots.Value, shuffle) : new BucketedStreamEpoch(stream, _slots.Value, shuffle, buckets);
    }

    private LengthBuckets CreateBuckets()
    {
        const int MostBatches = 64;
        int batchRows = (int)Math.Min(_options.BatchSize, RowCount);
        int column = Enumerable.Range(0, Columns.Count).Single(c => Columns[c].Name == _options.BucketBy);
        return new LengthBuckets(column, batchRows, Math.Clamp(_scanned.ShuffleRows / batchRows, 1, MostBatches));
    }

    private static void RequireBucketColumn(BatchSourceOptions options, IReadOnlyList<BatchColumn> columns)
    {
        if (options.BucketBy is not { } name)
            return;
        if (!options.Shuffle)
            throw new ArgumentException($"{nameof(options.BucketBy)} needs {nameof(options.Shuffle)}: rows of like length do not come in the data's order.", nameof(options));
        if (!columns.Any(column => column.Name == name && column.Kind == ColumnKind.Tokens))
            throw new ArgumentException($"{nameof(options.BucketBy)} names '{name}', which is not among the token columns that are read: add BatchColumn.Tokens of it.", nameof(options));
    }
}
