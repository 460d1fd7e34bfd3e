using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

internal static class EncoderPoolings
{
    /// <summary><c>[rows, length, width]</c> to <c>[rows, width]</c>; NaN for a row without tokens.</summary>
    /// <param name="pooling">How.</param>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding.</param>
    public static Tensor Apply(this EncoderPooling pooling, Tensor tokens, Tensor isToken)
    {
        Tensor counts = isToken.sum(1, keepdim: true);
        return pooling == EncoderPooling.Mean
            ? tokens.FillWhere(isToken.logical_not().unsqueeze(2), 0).sum(1) / counts
            : FirstTokens.Of(tokens, isToken).FillWhere(counts.eq(0), float.NaN);
    }
}
