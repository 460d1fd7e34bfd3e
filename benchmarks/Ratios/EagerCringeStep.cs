using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Preference;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>The pairwise Cringe loss as one writes it in torch: the logits of all tokens.</summary>
internal sealed class EagerCringeStep(DecoderNetwork network, int candidates) : ITrainingStep
{
    private const double Offset = -10, Temperature = 10;

    public StepLoss Accumulate(TensorBatch batch)
    {
        PreferenceBatch pairs = PreferenceBatch.Of(PreferenceBatches.Columns, batch);
        Tensor logits = network.Logits(network.Hidden(pairs.Inputs));
        Tensor isToken = pairs.Targets.ne(CausalColumns.NoTarget), targets = pairs.Targets.clamp(0).unsqueeze(2);
        Tensor logProbabilities = logits.log_softmax(2).gather(2, targets).squeeze(2) * isToken;
        Tensor[] sums = logProbabilities.sum(dim: 1).chunk(2), means = (logProbabilities.sum(dim: 1) / isToken.sum(dim: 1)).chunk(2);
        Tensor rejected = logits.chunk(2)[1], rejectedTargets = targets.chunk(2)[1];
        (Tensor values, _) = rejected.scatter(2, rejectedTargets, full_like(rejectedTargets, double.NegativeInfinity, dtype: rejected.dtype)).topk(candidates, 2);
        Tensor drawn = values.softmax(2).detach().flatten(0, 1).multinomial(1).unflatten(0, rejected.shape[..2]);
        Tensor contrasts = nn.functional.softplus(rejected.gather(2, rejectedTargets) - values.gather(2, drawn)).squeeze(2) * isToken.chunk(2)[1];
        Tensor gate = ((Offset - (sums[0] - sums[1])) / Temperature).sigmoid().detach();
        Tensor loss = (gate * (contrasts.sum(dim: 1) / isToken.chunk(2)[1].sum(dim: 1) - means[0])).sum();
        loss.backward();
        return new StepLoss(loss.detach(), batch.RowCount);
    }

    public void Finish()
    {
    }

    public void SaveState(StepState state)
    {
    }

    public void LoadState(StepState state)
    {
    }
}
