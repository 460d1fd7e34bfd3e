using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>One batch of tokens and its mask, as often as asked for.</summary>
internal sealed class TokenBatches : IBatchSource
{
    public const string Tokens = nameof(Tokens);
    public const string Mask = nameof(Mask);
    private readonly TensorBatch _batch;

    /// <param name="rows">Rows of the batch.</param>
    /// <param name="length">Targets of a row.</param>
    /// <param name="vocabulary">Ids lie below it.</param>
    /// <param name="k">Every k-th target is dropped.</param>
    /// <param name="batches">Batches of an epoch.</param>
    public TokenBatches(int rows, int length, int vocabulary, int k, int batches)
    {
        using var generator = new Generator(1);
        Tensor ids = randint(0, vocabulary, [rows, length + 1], dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        Tensor lengths = full(rows, length + 1, ScalarType.Int64).DetachFromDisposeScope();
        Tensor mask = arange(length + 1).remainder(k).ne(0).to(ScalarType.Float32).expand(rows, -1).contiguous().DetachFromDisposeScope();
        _batch = new TensorBatch(rows, new Dictionary<string, Tensor> { [Mask] = mask }, tokens: new Dictionary<string, TokenRows> { [Tokens] = new(ids, lengths) });
        BatchesPerEpoch = batches;
    }

    public long RowCount => (long)BatchesPerEpoch * _batch.RowCount;

    public int BatchesPerEpoch { get; }

    public IEnumerable<TensorBatch> Read(int epoch, int skip = 0) => Enumerable.Repeat(_batch, BatchesPerEpoch - skip);
}
