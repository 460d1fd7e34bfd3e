using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Training;

/// <summary>Rows of X [n, 3] and y = X w + noise, shuffled anew each epoch.</summary>
internal sealed class InMemoryBatches : IBatchSource, IDisposable
{
    private readonly Tensor _x;
    private readonly Tensor _y;
    private readonly int _batchSize;
    private readonly bool _shuffle;

    public InMemoryBatches(int rows = 32, int batchSize = 8, bool shuffle = true, double noise = 0.05, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7, CPU);
        _x = randn([rows, 3], dtype: dtype, generator: generator).DetachFromDisposeScope();
        Tensor weights = tensor([1.0, -2.0, 0.5], dtype: dtype);
        _y = (_x.matmul(weights) + 0.3 + randn([rows], dtype: dtype, generator: generator) * noise).DetachFromDisposeScope();
        (_batchSize, _shuffle) = (batchSize, shuffle);
    }

    public long RowCount => _x.shape[0];

    public int BatchesPerEpoch => (int)((RowCount + _batchSize - 1) / _batchSize);

    /// <summary>Called before each batch is given.</summary>
    public Action<int, int>? OnBatch { get; init; }

    public IEnumerable<TensorBatch> Read(int epoch, int skip = 0)
    {
        long[] order = [.. Enumerable.Range(0, (int)RowCount).Select(i => (long)i)];
        if (_shuffle)
        {
            new Random(epoch).Shuffle(order);
        }
        for (int b = skip; b < BatchesPerEpoch; b++)
        {
            OnBatch?.Invoke(epoch, b);
            using Tensor rows = tensor(order[(b * _batchSize)..Math.Min((b + 1) * _batchSize, order.Length)]);
            using Tensor x = _x.index_select(0, rows), y = _y.index_select(0, rows);
            yield return new TensorBatch((int)rows.shape[0], new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y });
        }
    }

    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
    }
}
