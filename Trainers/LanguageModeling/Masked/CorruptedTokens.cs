using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>A batch of corrupted rows.</summary>
/// <param name="Inputs">What the network reads, row by row; an id that is not in the vocabulary stands for padding.</param>
/// <param name="RowHashes">What each row is known by.</param>
/// <param name="Places">The places in <paramref name="Inputs"/> that are predicted.</param>
/// <param name="Targets">The token that stood in each.</param>
/// <param name="Length">The length of a row.</param>
internal sealed record CorruptedTokens(int[] Inputs, ulong[] RowHashes, long[] Places, int[] Targets, int Length)
{
    /// <summary>Int64 <c>[rows, length]</c>, 0 for padding, in the caller's dispose scope.</summary>
    public Tensor InputTensor(int padding, Device device)
    {
        long[] ids = new long[Inputs.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = Inputs[i] == padding ? 0 : Inputs[i];
        return tensor(ids, [RowHashes.Length, Length], device: device);
    }
}
