using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>The sequences of a batch, the chosen ones before the rejected ones.</summary>
/// <param name="Inputs">Int64 <c>[sequences, longest - 1]</c>: what the network reads.</param>
/// <param name="Targets">Int64 in the same shape: the completions' tokens, <see cref="CausalColumns.NoTarget"/> elsewhere.</param>
/// <param name="IsDesired">Bool <c>[sequences]</c> for single completions; null for pairs.</param>
/// <param name="Reference">Float32 <c>[sequences]</c>: what the rows hold of the reference model.</param>
internal sealed record PreferenceBatch(Tensor Inputs, Tensor Targets, Tensor? IsDesired, Tensor Reference)
{
    private static readonly CompletionLoss s_scores = new(new ChosenCrossEntropy());

    /// <summary>The sequences of <paramref name="batch"/>, in the caller's dispose scope.</summary>
    /// <param name="columns">The columns of the data.</param>
    /// <param name="batch">Rows of what <see cref="PreferenceSequences"/> makes.</param>
    public static PreferenceBatch Of(PreferenceColumns columns, TensorBatch batch)
    {
        PreferenceSide[] sides = [.. columns.Completions.Select(PreferenceSide.Of)];
        TokenRows[] rows = [.. sides.Select(side => batch.Tokens(side.Tokens))];
        long longest = rows.Max(r => r.Ids.shape[1]);
        Tensor ids = cat([.. rows.Select(r => nn.functional.pad(r.Ids, [0, longest - r.Ids.shape[1]]))]);
        Tensor ends = cat([.. rows.Select(r => r.Lengths)]).unsqueeze(1);
        Tensor starts = cat([.. sides.Select(side => batch[side.PromptLength])]).unsqueeze(1);
        Tensor places = arange(1, longest, device: ids.device);
        Tensor isTarget = places.ge(starts).logical_and(places.lt(ends));
        return new PreferenceBatch(
            ids.narrow(1, 0, longest - 1),
            ids.narrow(1, 1, longest - 1).FillWhere(isTarget.logical_not(), CausalColumns.NoTarget),
            columns.Label is { } label ? batch[label].gt(0.5) : null,
            cat([.. sides.Select(side => batch[side.Reference])]));
    }

    /// <summary>The completions with the reference model's log-probabilities.</summary>
    public CompletionBatch Completions(Tensor? reference) =>
        IsDesired is null ? CompletionBatch.Pairs(Targets, reference) : new CompletionBatch(Targets, IsDesired) { Reference = reference };

    /// <summary>What a model says of the completions, without gradients.</summary>
    public CompletionScores Scores(DecoderNetwork network)
    {
        using var noGradients = no_grad();
        return s_scores.Scores(network.Hidden(Inputs), network.HeadWeight, Completions(reference: null));
    }
}
