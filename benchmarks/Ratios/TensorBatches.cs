using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>What one writes without IDataView: all rows in two tensors, a permutation each epoch, a gather each batch.</summary>
internal sealed class TensorBatches(Tensor features, Tensor labels, int batchSize) : IBatchSource
{
    public long RowCount => labels.shape[0];

    public int BatchesPerEpoch => (int)((RowCount + batchSize - 1) / batchSize);

    public IEnumerable<TensorBatch> Read(int epoch, int skip = 0)
    {
        using var generator = new Generator((ulong)epoch);
        using Tensor order = randperm(RowCount, generator: generator);
        for (long start = (long)skip * batchSize; start < RowCount; start += batchSize)
        {
            using Tensor rows = order.slice(0, start, Math.Min(start + batchSize, RowCount), 1);
            using Tensor x = features.index_select(0, rows), y = labels.index_select(0, rows);
            yield return new TensorBatch((int)rows.shape[0], new Dictionary<string, Tensor> { ["Features"] = x, ["Label"] = y });
        }
    }
}
