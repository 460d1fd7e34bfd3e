using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Which tokens of each row the middle layers read: every position of a row is in one of two lists, once.</summary>
/// <param name="Selected">Int64 <c>[rows, kept]</c>, kept at least 1: the positions of those that they read, in any order.</param>
/// <param name="Unselected">Int64 <c>[rows, length - kept]</c>: all others.</param>
internal sealed record TokenSelection(Tensor Selected, Tensor Unselected)
{
    private readonly Tensor _places = cat([Selected, Unselected], 1).argsort(1);
    private (long Rows, long Length)? _fits;

    /// <summary>The tokens of both lists, in their order.</summary>
    /// <param name="tokens"><c>[rows, length, ...]</c>.</param>
    /// <returns><c>[rows, kept, ...]</c> and <c>[rows, length - kept, ...]</c>.</returns>
    /// <exception cref="ArgumentException">The lists are not of these rows, or miss or repeat a position.</exception>
    public (Tensor Selected, Tensor Unselected) Split(Tensor tokens)
    {
        Require(tokens.shape[0], tokens.shape[1]);
        return (Gather(tokens, Selected), Gather(tokens, Unselected));
    }

    /// <summary>What <see cref="Split"/> took apart, in the order of the rows.</summary>
    public Tensor Merge(Tensor selected, Tensor unselected) => Gather(cat([selected, unselected], 1), _places);

    /// <summary>Whole vectors are copied from the tokens of all rows, one behind the other.</summary>
    private static Tensor Gather(Tensor tokens, Tensor positions)
    {
        Tensor rowStarts = arange(tokens.shape[0], device: tokens.device).unsqueeze(1) * tokens.shape[1];
        Tensor gathered = tokens.flatten(0, 1).index_select(0, (rowStarts + positions).flatten());
        return gathered.view([.. positions.shape, .. tokens.shape[2..]]);
    }

    /// <summary>Looks at the lists when they are first used: that waits for the device.</summary>
    private void Require(long rows, long length)
    {
        if (_fits == (rows, length))
            return;
        NetworkCheck.Require(
            Selected.shape[0] == rows && Unselected.shape[0] == rows && Selected.shape[1] >= 1 && Selected.shape[1] + Unselected.shape[1] == length,
            $"The selected tokens are [{string.Join(", ", Selected.shape)}] and the others [{string.Join(", ", Unselected.shape)}]: of {rows} rows of {length} tokens each must be in one of the two.");
        Tensor sorted = cat([Selected, Unselected], 1).gather(1, _places);
        NetworkCheck.Require(sorted.eq(arange(length, device: sorted.device)).all().item<bool>(), "The selected tokens and the others miss a position of a row, or have one twice.");
        _fits = (rows, length);
    }
}
