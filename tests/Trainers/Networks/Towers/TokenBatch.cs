using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Batches with one token column, <see cref="Column"/>.</summary>
internal static class TokenBatch
{
    public const string Column = "Tokens";

    public static TensorBatch Of(params long[][] rows)
    {
        int longest = Math.Max(1, rows.Max(r => r.Length));
        long[] ids = [.. rows.SelectMany(r => r.Concat(Enumerable.Repeat(0L, longest - r.Length)))];
        var tokens = new TokenRows(tensor(ids).view(rows.Length, longest), tensor(rows.Select(r => (long)r.Length).ToArray()));
        return new TensorBatch(rows.Length, new Dictionary<string, Tensor>(), tokens: new Dictionary<string, TokenRows> { [Column] = tokens });
    }

    /// <summary>Rows of mixed lengths, from 0 on.</summary>
    public static long[][] Random(int rows, int longest, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, random.Next(longest + 1)).Select(_ => (long)random.Next(vocabulary)).ToArray())];
    }
}
