using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Embeds both sides of a batch and contrasts them; in micro-batches when asked, with the gradient of the whole batch.</summary>
/// <remarks>Gradient caching (Gao et al., arXiv 2101.06983): the batch is embedded in micro-batches without a graph, the loss over all
/// embeddings gives their gradients, and each micro-batch is embedded again, with the same dropout, to carry its part back. The
/// activations of one micro-batch and the embeddings of the batch are all that is in memory.</remarks>
internal sealed class ContrastiveStep(
    ContrastiveNetwork network, ContrastivePairs pairs, IContrastiveObjective objective, Generator generator, Action finished) : ITrainingStep
{
    /// <summary>Rows that go through the towers at once; 0 for all of the batch.</summary>
    public int MicroBatchSize { get; init; }

    public StepLoss Accumulate(TensorBatch batch) =>
        MicroBatchSize > 0 && MicroBatchSize < batch.RowCount ? AccumulateCached(batch) : AccumulateWhole(batch);

    public void Finish() => finished();

    public void SaveState(StepState state) => state.Tensors["generator"] = generator.get_state();

    public void LoadState(StepState state) => generator.set_state(state.Tensors["generator"]);

    private StepLoss AccumulateWhole(TensorBatch batch)
    {
        (Tensor left, Tensor right) = pairs.Embed(network, batch, generator);
        return Contrast(batch, left, right);
    }

    private StepLoss AccumulateCached(TensorBatch batch)
    {
        IReadOnlyList<(int Start, int Count)> parts = ContrastivePairs.Parts(batch, MicroBatchSize);
        var states = new Tensor[parts.Count];
        Tensor left, right;
        using (no_grad())
        {
            List<Tensor> lefts = [], rights = [];
            for (int i = 0; i < parts.Count; i++)
            {
                states[i] = generator.get_state();
                (Tensor leftPart, Tensor rightPart) = pairs.EmbedPart(network, batch, parts[i], generator);
                lefts.Add(leftPart);
                rights.Add(rightPart);
            }

            (left, right) = (cat(lefts), cat(rights));
        }

        left.requires_grad_(true);
        right.requires_grad_(true);
        StepLoss loss = Contrast(batch, left, right);
        Tensor leftGradient = left.grad!, rightGradient = right.grad!;
        using Tensor after = generator.get_state();
        for (int i = 0; i < parts.Count; i++)
        {
            using var scope = NewDisposeScope();
            (int start, int count) = parts[i];
            generator.set_state(states[i]);
            (Tensor leftPart, Tensor rightPart) = pairs.EmbedPart(network, batch, parts[i], generator);
            // Its gradient with respect to the weights is that of the loss: the embeddings' gradients are constants here.
            Tensor carrier = (leftPart * leftGradient.narrow(0, start, count)).sum() + (rightPart * rightGradient.narrow(0, start, count)).sum();
            if (carrier.requires_grad)
                carrier.backward();
        }

        generator.set_state(after);
        return loss;
    }

    private StepLoss Contrast(TensorBatch batch, Tensor left, Tensor right)
    {
        Tensor x = UnitLength.Of(left), y = UnitLength.Of(right);
        (Tensor loss, double weight) = objective.Sum(x, y, network.LogTemperature, network.Bias, pairs.Labels(batch, x.device));
        loss.backward();
        using var noGradients = no_grad();
        return new StepLoss(loss.detach(), weight, new Dictionary<string, StepMetric>
        {
            ["Temperature"] = new(network.LogTemperature.exp() * weight, weight),
            ["Bias"] = new(network.Bias * weight, weight),
            ["MatchCosine"] = new((x * y).sum(), weight),
        });
    }
}
