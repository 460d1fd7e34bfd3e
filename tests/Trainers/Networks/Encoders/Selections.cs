using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Tokens to keep.</summary>
internal static class Selections
{
    /// <summary>So many positions of each row, drawn at random and in random order.</summary>
    public static TokenSelection Random(int rows, int length, int kept)
    {
        using var generator = new Generator(5);
        Tensor order = rand(rows, length, generator: generator).argsort(1);
        return new TokenSelection(order.narrow(1, 0, kept), order.narrow(1, kept, length - kept));
    }

    /// <summary>The same positions in every row.</summary>
    public static TokenSelection Of(int rows, long[] selected, long[] unselected) => new(
        tensor(selected).unsqueeze(0).expand(rows, -1), tensor(unselected, [1, unselected.Length], ScalarType.Int64).expand(rows, -1));
}
