using System.Runtime.InteropServices;
using MLNetExt.Columns;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Tells rows with the same content in a column from others: by a 64-bit digest of each row.</summary>
internal static class RowIdentity
{
    /// <summary>One number a row: equal for rows whose value in the column is equal.</summary>
    public static long[] Of(TensorBatch batch, string column, ColumnKind kind) => kind switch
    {
        ColumnKind.Key => Keys(batch[column]),
        ColumnKind.Text => [.. batch.Text(column).Select(text => Digest<char>(text))],
        ColumnKind.Tokens => Tokens(batch.Tokens(column)),
        ColumnKind.Image => Rows(batch.Images(column).Pixels),
        _ when batch.IsSparse(column) => Sparse(batch.Sparse(column), batch.RowCount),
        _ => Rows(batch[column]),
    };

    /// <summary>A missing key is equal to no other.</summary>
    private static long[] Keys(Tensor keys)
    {
        long[] values = keys.cpu().data<long>().ToArray();
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] == TensorBatch.MissingKey)
                values[row] = -1 - row;
        }

        return values;
    }

    private static long[] Tokens(TokenRows tokens)
    {
        using Tensor ids = tokens.Ids.cpu(), lengths = tokens.Lengths.cpu();
        ReadOnlySpan<long> all = MemoryMarshal.Cast<byte, long>(ids.bytes), counts = MemoryMarshal.Cast<byte, long>(lengths.bytes);
        var digests = new long[counts.Length];
        int width = (int)ids.shape[1];
        for (int row = 0; row < digests.Length; row++)
            digests[row] = Digest(all.Slice(row * width, (int)counts[row]));
        return digests;
    }

    private static long[] Sparse(SparseRows rows, int count)
    {
        using Tensor offsets = rows.Offsets.cpu(), indices = rows.Indices.cpu(), values = rows.Values.cpu();
        ReadOnlySpan<long> starts = MemoryMarshal.Cast<byte, long>(offsets.bytes), slots = MemoryMarshal.Cast<byte, long>(indices.bytes);
        ReadOnlySpan<float> numbers = MemoryMarshal.Cast<byte, float>(values.bytes);
        var digests = new long[count];
        for (int row = 0; row < count; row++)
        {
            int start = (int)starts[row], end = row + 1 < count ? (int)starts[row + 1] : numbers.Length;
            var digest = new RowDigest();
            digest.Add(slots[start..end]);
            digest.Add(numbers[start..end]);
            digests[row] = digest.Value;
        }

        return digests;
    }

    private static long[] Rows(Tensor rows)
    {
        using Tensor host = rows.cpu().contiguous();
        ReadOnlySpan<byte> bytes = host.bytes;
        var digests = new long[host.shape[0]];
        int width = bytes.Length / digests.Length;
        for (int row = 0; row < digests.Length; row++)
            digests[row] = Digest(bytes.Slice(row * width, width));
        return digests;
    }

    private static long Digest<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var digest = new RowDigest();
        digest.Add(values);
        return digest.Value;
    }
}
