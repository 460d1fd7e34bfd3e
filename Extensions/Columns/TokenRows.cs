using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>Rows of token ids, each padded at its end to the longest of the block.</summary>
/// <param name="Ids">Int64 <c>[rows, longest]</c>, longest at least 1; 0 behind a row's end.</param>
/// <param name="Lengths">Int64 <c>[rows]</c>: how many ids each row has; 0 for an empty row.</param>
public sealed record TokenRows(Tensor Ids, Tensor Lengths)
{
    /// <summary>Bool <c>[rows, longest]</c>: true where a row has an id.</summary>
    public Tensor Mask()
    {
        using Tensor positions = arange(Ids.shape[1], dtype: ScalarType.Int64, device: Ids.device);
        using Tensor lengths = Lengths.unsqueeze(1);
        return positions.lt(lengths);
    }
}
