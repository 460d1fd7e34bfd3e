using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Rows as an encoder reads them.</summary>
/// <param name="Ids">Int64 <c>[rows, longest]</c>; 0 behind a row's end.</param>
/// <param name="IsToken">Bool <c>[rows, longest]</c>: false for padding, in the row or behind it.</param>
/// <param name="Types">Int64 <c>[rows, longest]</c>; null when all are 0.</param>
internal sealed record EncoderRows(Tensor Ids, Tensor IsToken, Tensor? Types)
{
    /// <summary>How many rows there are.</summary>
    public int Count => (int)Ids.shape[0];

    /// <summary>The length of the longest.</summary>
    public int Length => (int)Ids.shape[1];

    /// <summary>The ids row by row, <c>[rows * longest]</c>, and <paramref name="padding"/> where there is no token.</summary>
    public int[] ToArray(int padding)
    {
        using Tensor ids = Ids.FillWhere(IsToken.logical_not(), padding).to(ScalarType.Int32).cpu();
        return ids.data<int>().ToArray();
    }
}
