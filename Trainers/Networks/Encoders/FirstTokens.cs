using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The vectors of the first tokens of rows, such as BERT's [CLS].</summary>
internal static class FirstTokens
{
    /// <summary><c>[rows, length, width]</c> to <c>[rows, width]</c>; of a row without tokens the vector of its first place.</summary>
    /// <param name="vectors">The tokens' vectors.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding, which may stand before a row's first token; null when there is none.</param>
    public static Tensor Of(Tensor vectors, Tensor? isToken)
    {
        if (isToken is null)
            return vectors.select(1, 0);
        // Of equal values argmax gives the first.
        Tensor places = isToken.to(ScalarType.Int32).argmax(1), rowStarts = arange(vectors.shape[0], device: vectors.device) * vectors.shape[1];
        return vectors.flatten(0, 1).index_select(0, rowStarts + places);
    }
}
