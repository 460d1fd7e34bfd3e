using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Fills a batch with empty rows up to a multiple of eight, so that a row's result does not depend on how many rows are scored with it.</summary>
/// <remarks>Matrix products add in another order when the number of rows leaves a remainder: measured with libtorch 2.10 on
/// one to seven rows the last digits differ, on multiples of eight rows every bit is the same.</remarks>
internal static class RowPadding
{
    private const int Multiple = 8;

    /// <summary>The rows with zeros below, up to a multiple of eight.</summary>
    public static Tensor PadRows(this Tensor rows)
    {
        long added = (Multiple - rows.shape[0] % Multiple) % Multiple;
        return added == 0 ? rows : nn.functional.pad(rows, [0, 0, 0, added]);
    }

    /// <summary>The batch with its feature column padded; the batch itself when there is nothing to add.</summary>
    public static TensorBatch PadRows(this TensorBatch batch, string featureColumn)
    {
        int rows = (batch.RowCount + Multiple - 1) / Multiple * Multiple, added = rows - batch.RowCount;
        if (added == 0)
            return batch;
        if (!batch.IsSparse(featureColumn))
            return new TensorBatch(rows, new Dictionary<string, Tensor> { [featureColumn] = batch[featureColumn].PadRows() });

        SparseRows sparse = batch.Sparse(featureColumn);
        Tensor empty = full([added], sparse.Indices.shape[0], dtype: ScalarType.Int64, device: sparse.Offsets.device);
        return new TensorBatch(
            rows,
            new Dictionary<string, Tensor>(),
            new Dictionary<string, SparseRows> { [featureColumn] = sparse with { Offsets = cat([sparse.Offsets, empty]) } });
    }
}
