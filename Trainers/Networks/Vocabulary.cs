using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Keeps token ids inside a network's vocabulary.</summary>
internal static class Vocabulary
{
    /// <param name="ids">Int64, of any shape.</param>
    /// <param name="holder">What holds them, for the message: "Column 'Tokens'".</param>
    /// <param name="size">How many tokens the vocabulary has.</param>
    /// <exception cref="ArgumentException">An id is not in [0, <paramref name="size"/>).</exception>
    public static void RequireIds(Tensor ids, string holder, int size)
    {
        using Tensor min = ids.min(), max = ids.max();
        long least = min.item<long>(), most = max.item<long>();
        if (least >= 0 && most < size)
            return;
        long bad = least < 0 ? least : most;
        using Tensor places = ids.eq(bad).nonzero();
        throw new ArgumentException(
            $"{holder} holds the token id {bad} in row {places.data<long>()[0]} of the block, but the network's vocabulary has {size} tokens, 0 to {size - 1}: use the tokenizer that the network was made for.");
    }
}
