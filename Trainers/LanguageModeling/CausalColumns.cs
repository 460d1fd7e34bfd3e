using MLNetExt.Columns;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>The columns of a causal language model, and what becomes of a batch of them.</summary>
/// <param name="Tokens">The token column.</param>
/// <param name="LossMask">Its loss mask; null for none.</param>
internal sealed record CausalColumns(string Tokens, string? LossMask)
{
    /// <summary>What stands for the target of a position that has none.</summary>
    public const long NoTarget = -100;

    /// <summary>The columns to read, the tokens first.</summary>
    public IReadOnlyList<BatchColumn> ToRead => LossMask is null
        ? [BatchColumn.Tokens(Tokens)]
        : [BatchColumn.Tokens(Tokens), BatchColumn.TokenWeights(LossMask)];

    /// <summary>What the network reads, what it is to predict, and how much each prediction counts.</summary>
    /// <returns>Int64 <c>[rows, longest - 1]</c> twice, float32 in the same shape or null, in the caller's dispose scope.</returns>
    /// <remarks>Rows are padded at their ends, where a causal network's other positions do not see it: no attention mask is needed.</remarks>
    public (Tensor Inputs, Tensor Targets, Tensor? Weights) Shift(TensorBatch batch)
    {
        TokenRows rows = batch.Tokens(Tokens);
        long length = rows.Ids.shape[1] - 1;
        using Tensor isPadding = rows.Mask().logical_not_();
        Tensor targets = rows.Ids.FillWhere(isPadding, NoTarget).narrow(1, 1, length);
        return (rows.Ids.narrow(1, 0, length), targets, LossMask is null ? null : batch[LossMask].narrow(1, 1, length));
    }
}
