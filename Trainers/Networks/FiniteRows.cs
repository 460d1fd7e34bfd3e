using MLNetExt.Columns;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Tells rows that hold only finite numbers from the others.</summary>
internal static class FiniteRows
{
    /// <summary>Float32 <c>[rows, 1]</c>: 0, or NaN where the row's features hold NaN or infinity.</summary>
    /// <remarks>Added to logits it makes such a row's scores NaN. The network alone does not: tanh(∞) is 1.</remarks>
    public static Tensor NaNWhereNotFinite(this TensorBatch batch, string featureColumn)
    {
        if (!batch.IsSparse(featureColumn))
            return batch[featureColumn].mul(0).sum(1, keepdim: true);
        SparseRows rows = batch.Sparse(featureColumn);
        return zeros(batch.RowCount, 1, device: rows.Values.device).AddAt(rows.EntryRows(), rows.Values.mul(0).unsqueeze(1));
    }

    /// <summary>Float32 <c>[rows, 1]</c>: 0, or NaN where the image is missing.</summary>
    public static Tensor NaNWhereMissing(this ImageRows images) =>
        zeros(images.IsPresent.shape[0], 1, device: images.IsPresent.device).FillWhereInPlace(images.IsPresent.logical_not().unsqueeze(1), double.NaN);
}
