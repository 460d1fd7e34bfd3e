using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Adds to each token a linear map of each of its neighbours, two on either side: x + Σ W(offset) x(position + offset).</summary>
/// <remarks>A small network over short tokens, such as characters, hardly finds its neighbours by attention alone: without the stem
/// it stays on the plateau of the tokens' frequencies. Not part of BERT.</remarks>
internal sealed class LocalStem : nn.Module
{
    private const int Reach = 2;

    private readonly LinearLayer neighbours;

    /// <param name="options">The shape of the blocks.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public LocalStem(TransformerOptions options, Generator generator)
        : base(nameof(LocalStem))
    {
        int inputs = checked(2 * Reach * options.Width);
        neighbours = new LinearLayer(inputs, options.Width, options.WeightDeviation(inputs), generator, hasBias: false);
        RegisterComponents();
    }

    /// <summary>The number of the stem's weights for vectors of so many components.</summary>
    public static Int128 WeightCount(int width) => 2 * Reach * (Int128)width * width;

    /// <summary><c>[rows, length, width]</c> to the same shape. Padding gives nothing to its neighbours, nor does what is beyond a row.</summary>
    /// <param name="tokens">The tokens' vectors.</param>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding; null when there is none.</param>
    public Tensor Forward(Tensor tokens, Tensor? isToken)
    {
        Tensor given = isToken is null ? tokens : tokens.FillWhere(isToken.logical_not().unsqueeze(2), 0);
        Tensor padded = nn.functional.pad(given, [0, 0, Reach, Reach]);
        Tensor[] neighbouring = [.. Enumerable.Range(0, 2 * Reach + 1).Where(start => start != Reach).Select(start => padded.narrow(1, start, tokens.shape[1]))];
        return tokens.Plus(neighbours.forward(cat(neighbouring, 2)));
    }
}
