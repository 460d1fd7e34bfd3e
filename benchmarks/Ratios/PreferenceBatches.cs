using MLNetExt.Columns;
using MLNetExt.Preference;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>One batch of pairs, as often as asked for.</summary>
internal sealed class PreferenceBatches : IBatchSource
{
    public static readonly PreferenceColumns Columns = new("Prompt", ["Chosen", "Rejected"], Label: null);
    private readonly TensorBatch _batch;

    /// <param name="pairs">Pairs of the batch.</param>
    /// <param name="length">Tokens of a sequence that are read.</param>
    /// <param name="promptLength">How many of them are the prompt's.</param>
    /// <param name="vocabulary">Ids lie below it.</param>
    /// <param name="batches">Batches of an epoch.</param>
    public PreferenceBatches(int pairs, int length, int promptLength, int vocabulary, int batches)
    {
        using var generator = new Generator(1);
        var tensors = new Dictionary<string, Tensor>();
        var tokens = new Dictionary<string, TokenRows>();
        foreach (PreferenceSide side in Columns.Completions.Select(PreferenceSide.Of))
        {
            Tensor ids = randint(0, vocabulary, [pairs, length + 1], dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
            tokens[side.Tokens] = new TokenRows(ids, full(pairs, length + 1, ScalarType.Int64).DetachFromDisposeScope());
            tensors[side.PromptLength] = full(pairs, (float)promptLength).DetachFromDisposeScope();
            tensors[side.Reference] = full(pairs, -100f).DetachFromDisposeScope();
        }

        _batch = new TensorBatch(pairs, tensors, tokens: tokens);
        BatchesPerEpoch = batches;
    }

    public long RowCount => (long)BatchesPerEpoch * _batch.RowCount;

    public int BatchesPerEpoch { get; }

    public IEnumerable<TensorBatch> Read(int epoch, int skip = 0) => Enumerable.Repeat(_batch, BatchesPerEpoch - skip);
}
