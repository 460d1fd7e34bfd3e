using MLNetExt.Columns;
using MLNetExt.Contrastive;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>From a batch of pairs to its loss: one tower gives the rewards of both sides.</summary>
/// <param name="Shape">The tower.</param>
/// <param name="Chosen">The column of what is preferred.</param>
/// <param name="Rejected">The column of what it is preferred to.</param>
/// <param name="Margin">The column of margins; null for none.</param>
internal sealed record RewardPairs(TowerShape Shape, BatchColumn Chosen, BatchColumn Rejected, string? Margin)
{
    /// <summary>The columns that training reads.</summary>
    public IReadOnlyList<BatchColumn> Columns => Margin is null ? [Chosen, Rejected] : [Chosen, Rejected, BatchColumn.Scalar(Margin)];

    /// <summary>The same pairs once the data have decided how vectors are held.</summary>
    public RewardPairs With(bool isSparse)
    {
        TowerShape shape = Shape with { IsSparse = isSparse };
        VectorLayout layout = shape.BatchColumn.Layout;
        return this with { Shape = shape, Chosen = Chosen with { Layout = layout }, Rejected = Rejected with { Layout = layout } };
    }

    /// <summary>The loss of a batch with its graph, and without one how many pairs are in the right order, how many are tied, and by how much the chosen rewards are larger.</summary>
    public StepLoss Loss(Tower tower, TensorBatch batch, Generator generator)
    {
        Tensor chosen = Rewards(tower, batch, Chosen.Name, generator), rejected = Rewards(tower, batch, Rejected.Name, generator);
        (Tensor loss, double weight) = BradleyTerry.Sum(chosen, rejected, Margin is null ? null : batch[Margin]);
        using var noGradients = no_grad();
        Tensor differences = chosen - rejected;
        return new StepLoss(loss, weight, new Dictionary<string, StepMetric>
        {
            ["Accuracy"] = new(differences.gt(0).sum(), weight),
            ["Ties"] = new(differences.eq(0).sum(), weight),
            ["Margin"] = new(differences.sum(), weight),
        });
    }

    private Tensor Rewards(Tower tower, TensorBatch batch, string column, Generator generator)
    {
        // A user's network may hold torch's own dropout, which draws from the global generator.
        Tensor rewards = Shape.Kind == TowerKind.Custom && tower.training
            ? GlobalGenerator.Lend(generator, () => tower.Forward(batch, column))
            : tower.Forward(batch, column);
        return rewards.squeeze(1);
    }
}
